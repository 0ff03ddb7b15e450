// The types of what shares.js adds.
interface Nnbook {
  unpackShares(text: string): number[];
  fillShares(table: Element, shares: number[], label: number, before: number[]): void;
  ofImage(data: { first: any; later: any }, at: number): Promise<any>;
}
