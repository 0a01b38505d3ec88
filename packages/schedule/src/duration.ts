import { optionsOf, whole } from '@kd/core';
import type { FieldsOf, Options, TrainingTime } from '@kd/core';
import { notExactlyOne } from './not-exactly-one.js';

/** A duration: a number of steps or of epochs, whole and >= 1. Exactly one of the two is given. */
export type Duration =
  { readonly steps: number; readonly epochs?: never } | { readonly epochs: number; readonly steps?: never };

/** A duration before the check that exactly one is given. */
export interface StepsOrEpochs {
  readonly steps?: number;
  readonly epochs?: number;
}

/** Options with such a duration. */
export type Unchecked<T extends Duration> = Omit<T, keyof StepsOrEpochs> & StepsOrEpochs;

export const durationOptions: Options<StepsOrEpochs, FieldsOf<StepsOrEpochs>> = optionsOf<StepsOrEpochs>()({
  steps: whole(1).optional(),
  epochs: whole(1).optional(),
});

/**
 * Returns a function from a time to the number of durations passed, including fractions; throws unless
 * exactly one is given.
 */
export function progressOf(where: string, { steps, epochs }: StepsOrEpochs): (time: TrainingTime) => number {
  if (steps !== undefined && epochs === undefined) return ({ step }) => step / steps;
  if (epochs !== undefined && steps === undefined) return ({ epoch }) => epoch / epochs;
  throw notExactlyOne(where, 'options', ['steps', 'epochs'], steps !== undefined);
}
