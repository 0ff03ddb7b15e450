// The types of what the script of this folder adds to the one global.
interface NnbookPackedNetwork {
  layers: string[]; // in words, such as "convolution 5x5x8", "relu", "pool", "dense 10"
  shape: number[]; // of an image
  parameters: { inputs: number; limits: number[]; weights: string; biases?: number[] }[]; // of the layers that have some
}
interface NnbookConvolutional {
  shapes: number[][]; // of what each layer gives out
  forward(pixels: ArrayLike<number>): Float32Array[]; // of bytes, what each layer gives out; at last the scores
}
interface Nnbook {
  convolution(data: NnbookPackedNetwork): NnbookConvolutional;
  mapOf(values: ArrayLike<number>, channels: number, channel: number): Float32Array;
}
interface NnbookOpened {
  layer: number;
  map: number;
  values: ArrayLike<number>; // of the map
  size: number[]; // rows and columns
  limit: number;
}
interface Nnbook {
  fieldOf(layers: string[], layer: number, row: number, column: number, shape: number[]):
    { top: number; bottom: number; left: number; right: number };
  scaleEnd(sums: Float32Array): number;
  paintMaps(canvas: HTMLCanvasElement, values: ArrayLike<number>, shape: number[], across: number, limit: number, colours: Uint8Array): void;
  openedMap(
    element: HTMLElement,
    network: NnbookPackedNetwork,
    colours: Record<string, Uint8Array>,
    words: (key: string, values?: Record<string, string | number>) => string
  ): {
    panel: HTMLElement;
    between: HTMLElement;
    region: HTMLElement;
    say(text: string): void;
    setImage(pixels: ArrayLike<number>): void;
    open(opened: NnbookOpened): void;
  };
}
