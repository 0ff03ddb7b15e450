// The types of what the scripts of this folder add to the one global.
interface NnbookChance { uniform(): number; normal(): number; order(count: number): Uint32Array }
interface NnbookTrainedLayer {
  inputs: number;
  outputs: number;
  parameters: Float64Array; // weights, those of an input side by side, and behind them the biases
  gradients: Float64Array;
  forward(x: Float64Array, count: number): Float64Array;
  backward(slope: Float64Array, count: number, further: boolean): Float64Array; // the slope by the inputs, if wanted further
}
interface NnbookExamples { numbers: ArrayLike<number>; labels: ArrayLike<number>; size: number; scale: number; classes: number }
interface NnbookLearning {
  hidden: number[]; activation: string; rate: number; batch: number; momentum: number; decay: number; start: number; seed: number;
}
interface NnbookRun {
  layers: NnbookTrainedLayer[];
  steps: number;
  batch: number;
  stepsPerEpoch: number;
  forward(x: Float64Array, count: number): Float64Array;
  judge(x: Float64Array, count: number, truth: ArrayLike<number>): { loss: number; right: number }; // loss: the sum
  step(): { loss: number; right: number }; // loss: the mean
}
interface NnbookPanel { top: number; bottom: number; ends: [number, number]; powers: boolean; left: number; right: number }
type NnbookValues = Record<string, string | number>;
interface NnbookTrainerData {
  choices: Record<string, (string | number)[]>;
  first: NnbookValues;
  paces: Record<string, number>; // epochs in a second; the second is taken at first
}
interface NnbookTrainerActs {
  changed(): void; // the reader has chosen another setting
  ready(): boolean | Promise<boolean>; // whether a run can go on
  begin(): void; // a new run, at its start
  ended(): boolean;
  step(): number; // learn from one batch and give what share of an epoch that was, or nothing at the end
  show(): void;
  said(): string; // the state in words
}
interface NnbookTrainer {
  values: NnbookValues;
  buttons: HTMLElement;
  begins: HTMLButtonElement[]; // those that let it learn
  parts: HTMLElement[];
  button(key: string, act: () => unknown): HTMLButtonElement;
  draw(): void;
  moved(): NnbookValues;
  on(): boolean;
  play(on: boolean): void;
  say(text: string): void;
  set(asked: Record<string, string>): void;
  told(): string;
}
interface Nnbook {
  astray(loss: number): boolean;
  lossText(loss: number, digits: number): string;
  chance(seed: number): NnbookChance;
  training(examples: NnbookExamples, how: NnbookLearning): NnbookRun;
  curve(panel: NnbookPanel, places: number[], values: number[]): string;
  trainer(
    element: HTMLElement,
    data: NnbookTrainerData,
    words: (key: string, values?: Record<string, string | number>) => string,
    acts: NnbookTrainerActs
  ): NnbookTrainer;
}
