/** The time that a run may take. */
export interface Budget {
  /** Seconds since the start. */
  readonly spent: () => number;
  /**
   * The seconds that a part may take: at most `most`; undefined if fewer than `least` are left, so that the
   * part is skipped.
   */
  readonly grant: (most: number, least?: number) => number | undefined;
}

// For ending processes and writing the result.
const reserve = 5;

/** A budget that starts now. */
export function budgetOf(minutes: number, clock: () => number = () => performance.now()): Budget {
  const start = clock();
  const spent = (): number => (clock() - start) / 1000;
  return {
    spent,
    grant: (most, least = Math.min(most, 10)) => {
      const left = 60 * minutes - reserve - spent();
      return left < least ? undefined : Math.min(most, left);
    },
  };
}
