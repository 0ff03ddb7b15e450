// The types of what arithmetic.js and canvas.js add to the one global.
interface NnbookLayer { rows: Float64Array[]; biases: number[]; limit: number }
interface NnbookPlace { row: number; column: number; frame: Element | null; settled: boolean }
interface NnbookBars {
  field: HTMLElement;
  set(number: number): void;
  show(scores: ArrayLike<number>, said: (number: number) => string[]): void;
}
interface Nnbook {
  scoreBars(name: string, names: string[], change: ((number: number) => void) | null): NnbookBars;
  layer(packed: { inputs: number; limits: number[]; weights: string; biases?: number[] }): NnbookLayer;
  images(text: string, size: number): Uint8Array[];
  colours(text: string): Uint8Array;
  scores(layers: NnbookLayer[], image: ArrayLike<number>): Float64Array;
  largest(values: ArrayLike<number>): number;
  softmax(scores: ArrayLike<number>): number[];
  ground(element: Element): "light" | "dark";
  watchGround(listener: () => void): void;
  canvas(width: number, height: number, name: string): HTMLCanvasElement;
  paintSigned(canvas: HTMLCanvasElement, values: ArrayLike<number>, limit: number, colours: Uint8Array): void;
  paintInk(canvas: HTMLCanvasElement, values: ArrayLike<number>): void;
  shot(canvas: HTMLCanvasElement, under?: string): { cell: HTMLElement; frame: HTMLElement; note: HTMLElement };
  pointAtPixels(
    plane: HTMLElement,
    size: { width: number; height: number },
    show: (place: NnbookPlace | null) => void
  ): (row: number, column: number) => void;
  aloud(): { region: HTMLElement; say: (text: string) => void };
  upgrade(element: HTMLElement, kind: string, ...parts: (Node | string)[]): HTMLElement;
  imageChoice(
    name: string,
    from: { images: Uint8Array[]; names: string[]; indices: number[]; width: number; height: number; columns: number },
    change: (at: number) => void
  ): { field: HTMLElement; set: (at: number) => void };
}
interface Nnbook {
  balance(products: Float64Array): { positive: string; negative: string };
  legend(legend: HTMLElement, limit: number, colours: Uint8Array, caption: string): void;
  centred(ink: Float64Array, width: number, height: number): Uint8Array | null;
  inkOf(pixels: Uint8ClampedArray, width: number, height: number): Float64Array;
}
interface NnbookSliders {
  field: HTMLElement;
  values: Record<string, number>;
  set(asked: Record<string, string | number>): void;
  moved(): Record<string, number>;
}
interface Nnbook {
  activations: Record<string, (sum: number) => number>;
  sliders(
    start: Record<string, [number, number, number, number]>,
    word: (key: string) => [string, string],
    change: (settled: boolean) => void
  ): NnbookSliders;
}
