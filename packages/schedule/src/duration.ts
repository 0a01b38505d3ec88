import { checkInteger } from '@kd/core';
import type { TrainingTime } from '@kd/core';
import { checkExactlyOne } from './check-exactly-one.js';

/** How long something lasts: a number of steps or of epochs, whole and >= 1. Exactly one of both is given. */
export type Duration =
  { readonly steps: number; readonly epochs?: never } | { readonly epochs: number; readonly steps?: never };

/** Checks the duration in `options`. Returns the number of durations that have passed at a time, fractions included. */
export function progressOf(where: string, options: Duration): (time: TrainingTime) => number {
  const { steps, epochs } = options;
  checkExactlyOne(where, 'options', { steps, epochs });
  if (steps === undefined) {
    checkInteger(where, 'options.epochs', epochs, 1);
    return ({ epoch }) => epoch / epochs;
  }
  checkInteger(where, 'options.steps', steps, 1);
  return ({ step }) => step / steps;
}
