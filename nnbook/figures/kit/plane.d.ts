// The types of what plane.js adds to the one global.
interface NnbookPlaneData { left: number; top: number; width: number; height: number; x: number[]; y: number[] }
interface NnbookPlane {
  x: number[];
  y: number[];
  across(value: number): number;
  down(value: number): number;
  place(event: PointerEvent): [number, number];
  line(places: number[][]): string;
  spots(places: number[][]): string;
  show(toX: number[], toY: number[], digits?: number[]): void;
}
interface Nnbook {
  plane(drawing: Element, data: NnbookPlaneData): NnbookPlane;
  zoomed(data: NnbookPlaneData, lowest: number[], places: number[][]): { times: number; x: number[]; y: number[] };
  drag(target: Element, move: (event: PointerEvent) => void, done: () => void): void;
  cross(x: number, y: number): string;
  put(shape: Element, attributes: Record<string, string | number>): void;
  short(number: number, digits?: number): string;
  bowl(x: number[], y: number[]): {
    loss(line: number[]): number;
    gradient(line: number[], among?: number[]): number[];
  };
}
