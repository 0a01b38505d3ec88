import { optionsOf, whole } from '@kd/core';
import type { FieldsOf, Options, TrainingTime } from '@kd/core';
import { notExactlyOne } from './not-exactly-one.js';

/** How long something lasts: a number of steps or of epochs, whole and >= 1. Exactly one of both is given. */
export type Duration =
  { readonly steps: number; readonly epochs?: never } | { readonly epochs: number; readonly steps?: never };

/** A duration as it is read, before it is known that one of both is given. */
export interface StepsOrEpochs {
  readonly steps?: number;
  readonly epochs?: number;
}

/** Options with a duration as they are read. */
export type Unchecked<T extends Duration> = Omit<T, keyof StepsOrEpochs> & StepsOrEpochs;

export const durationOptions: Options<StepsOrEpochs, FieldsOf<StepsOrEpochs>> = optionsOf<StepsOrEpochs>()({
  steps: whole(1).optional(),
  epochs: whole(1).optional(),
});

/** The number of durations that have passed at a time, fractions included; throws unless one of both is given. */
export function progressOf(where: string, { steps, epochs }: StepsOrEpochs): (time: TrainingTime) => number {
  if (steps !== undefined && epochs === undefined) return ({ step }) => step / steps;
  if (epochs !== undefined && steps === undefined) return ({ epoch }) => epoch / epochs;
  throw notExactlyOne(where, 'options', ['steps', 'epochs'], steps !== undefined);
}
