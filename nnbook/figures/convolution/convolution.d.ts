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
