/** A library that makes training steps and times them. */
export interface Peer {
  readonly name: string;
  /** A description for the reader. */
  readonly about: string;
  /** Milliseconds of each of `steps` steps of a work. */
  readonly time: (work: string, steps: number) => Promise<readonly number[]>;
  readonly close: () => void;
}
