/** Who is told how far an installation is. */
export interface Progress {
  /** A step begins. */
  readonly step: (title: string) => void;
  /** How much of the step is done, from 0 to 1. */
  readonly advance: (share: number) => void;
}
