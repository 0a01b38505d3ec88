/** A fault that stays, and why. */
export interface Known {
  /** The beginning of the call: `@kd/files inTurn`. */
  readonly call: string;
  /** A part of the fault. */
  readonly fault: string;
  readonly reason: string;
}

export const known: readonly Known[] = [
  {
    call: '@kd/model forward, argument 1 = a disposed model',
    fault: 'already disposed',
    reason: 'A training checks its models once, before the first step; forward runs in each of them.',
  },
];
