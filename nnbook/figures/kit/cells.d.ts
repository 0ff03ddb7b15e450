// The types of what cells.js adds.
interface Nnbook {
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
