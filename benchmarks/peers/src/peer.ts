/** Something that makes training steps and times them. */
export interface Peer {
  readonly name: string;
  /** What it is, in words. */
  readonly about: string;
  /** Milliseconds of each of some steps of a work. */
  readonly time: (work: string, steps: number) => Promise<readonly number[]>;
  readonly close: () => void;
}
