import type { TimeRequest } from './messages.js';

/** Times steps by their ends. */
export interface StepClock {
  readonly milliseconds: readonly number[];
  /** Notes the end of a step; returns whether it was the last. */
  readonly note: (now: number) => boolean;
}

/**
 * Counts untimed steps, then times the others. Neither takes longer than the limit after its first step,
 * which may compile for a minute; one step is always timed.
 */
export function stepClock({ untimed, steps, seconds }: Omit<TimeRequest, 'work'>): StepClock {
  const milliseconds: number[] = [];
  let warming = true;
  let taken = 0;
  let started = 0;
  let last = 0;
  return {
    milliseconds,
    note: (now) => {
      if (++taken === 1) started = now;
      const isLate = now - started > 1000 * seconds;
      if (!warming) milliseconds.push(now - last);
      const isDone = !warming && (isLate || milliseconds.length === steps);
      if (warming && (isLate || taken >= untimed)) {
        warming = false;
        started = now;
      }
      last = now;
      return isDone;
    },
  };
}
