// The types of the one global; nothing of this file reaches a reader.
interface Nnbook {
  deliver(name: string, value: unknown): void;
  define(tag: string, start: (element: HTMLElement) => unknown): void;
  data(element: HTMLElement): any;
  later(value: unknown): Promise<any>;
  words(element: HTMLElement): (key: string, values?: Record<string, string | number>) => string;
  unpack(text: string, width: number): number[];
  form(number: number): string;
  count(number: number): string;
  percent(share: number, digits?: number): string;
  confidence(share: number): string;
  decimal(number: number, digits?: number): string;
  signed(number: number, digits?: number): string;
  make(
    tag: string,
    attributes?: Record<string, string | number | boolean | null | undefined>,
    ...children: (Node | string)[]
  ): HTMLElement;
  select(
    name: string,
    options: [string, string][],
    value: string,
    change: (value: string) => void
  ): { field: HTMLElement; set: (value: string) => void };
  choices(
    name: string,
    options: [string, string][],
    value: string,
    change: (value: string) => void
  ): { field: HTMLElement; set: (value: string) => void };
  sprite(address: string): Promise<HTMLImageElement>;
  tile(
    address: string,
    part: { x: number; y: number; width: number; height: number },
    attributes: Record<string, string | number | boolean | null | undefined>
  ): HTMLCanvasElement;
  state: {
    get(name: string): Record<string, string> | null;
    set(name: string, values: Record<string, string | number> | null): void;
    watch(listener: () => void): void;
  };
  still(): boolean;
}
interface Window { nnbook: Nnbook }
declare var nnbook: Nnbook;

interface NnbookSheets {
  keys: string[]; kind: string; size: [number, number]; columns: number; width: number;
  starts: number[]; sheets: string[]; indices: string;
}
interface NnbookExample { tile: number; probability: number; actual: number; predicted: number }
interface Nnbook {
  gallery(data: NnbookSheets, words: (key: string, values?: Record<string, string | number>) => string): {
    count: (packed: string) => number;
    read: (packed: string, actual: number, predicted: number, most?: number) => NnbookExample[];
    tile: (example: NnbookExample) => HTMLCanvasElement;
    list: (examples: NnbookExample[], name: ((example: NnbookExample) => string) | null) => HTMLElement | string;
  };
}
type NnbookSurface = (place: number[]) => { loss: number; slopes: number[] };
interface NnbookGrid { first: number[]; step: number[]; counts: number[]; losses: string; low: number }
interface NnbookCourse {
  surface: { formula: number[] } | { grid: NnbookGrid };
  low: number[]; high: number[]; goal: number; reach: number; rates: Record<string, number>;
}
interface Nnbook {
  race(course: NnbookCourse, start: number[], factor: number, steps: number):
    Record<string, { path: number[][]; losses: number[]; arrived: number; away: number }>;
}
