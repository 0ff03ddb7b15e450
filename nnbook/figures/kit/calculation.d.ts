// The types of what calculation.js adds.
interface Nnbook {
  calculation(
    of: { name: string; last: number; first: number[]; most: number; places: HTMLElement[] },
    word: (key: string) => string,
    draw: (step: number, numbers: number[]) => string,
    more?: { read: (asked: Record<string, string>) => void; written: () => Record<string, number> | false }
  ): { controls: HTMLElement[]; open(): void; changed(): void };
}
