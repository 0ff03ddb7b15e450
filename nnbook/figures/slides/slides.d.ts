// The types of what slides.js adds to the one global.
interface Nnbook {
  slides(data: any, words: (key: string, values?: Record<string, string | number>) => string, change: () => void): {
    images: Uint8Array[]; rows: Float64Array[]; biases: number[]; limit: number;
    colours: { light: Uint8Array; dark: Uint8Array }; names: string[];
    chosen: { image: number; filter: number }; fields: HTMLElement[];
    draw: (element: Element) => void;
    open: (asked: Record<string, string>) => void;
    slide: (pixels: ArrayLike<number>, padding: number[], stride: number) => {
      size: number[]; values: Float64Array; patch: (top: number, left: number) => Float64Array;
    };
  };
}
