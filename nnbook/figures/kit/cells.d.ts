// The types of what cells.js adds.
interface NnbookOffered {
  sprite: string; width: number; height: number; colour: boolean; indices: number[]; labels: number[];
}
interface Nnbook {
  testImages(
    data: NnbookOffered,
    words: (key: string, values?: Record<string, string | number>) => string,
    name: (label: number) => string,
    change: (at: number) => void
  ): { field: HTMLElement; set(value: string): void; at(index: unknown): number; card(at: number, lines: string[]): Node[] };
  pictures(
    name: string,
    options: [string, string][],
    value: string,
    change: (value: string) => void,
    face: (value: string) => Node[]
  ): { field: HTMLElement; set: (value: string) => void };
  pane(
    sheets: HTMLImageElement[],
    part: { x: number; y: number; width: number; height: number }
  ): HTMLElement;
  bar(cell: HTMLElement, value: number, limit: number, kind?: string): void;
  dot(left: ArrayLike<number>, right: ArrayLike<number>): number;
}
