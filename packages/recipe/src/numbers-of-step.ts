import { scalar } from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { Named, Term, TrainingTime } from '@kd/core';
import { scalarsOfTerm, weightOfTerm } from './numbers-of-term.js';

/** The numbers of a step that schedules change, as the losses of a step get them: by name. */
export interface StepNumbers {
  /** Weight of each term. */
  readonly weights: Readonly<Record<string, number>>;
  /** Scalars of the terms, by `TERM/SCALAR`, such as `soft/temperature`. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Numbers that the losses read as scalar tensors. */
  readonly values: Readonly<Record<string, number>>;
}

const factorOf = (term: string): string => `factor of ${term}`;
const scalarOf = (term: string, scalar: string): string => `scalar ${scalar} of ${term}`;
/** Stands for the regularisers where terms have their names. */
const regularizers = 'regularizers';

/** The numbers at a time. Throws if a schedule returns an invalid one, before anything is computed. */
export function numbersAt(
  terms: readonly Term[],
  time: TrainingTime,
  shares: Readonly<Record<string, number>>,
): StepNumbers {
  const weights = Object.fromEntries(terms.map((term) => [term.name, weightOfTerm(term, time)]));
  const scalars = terms.flatMap((term) =>
    Object.entries(scalarsOfTerm(term, time)).map(([key, value]) => ({ term: term.name, key, value })),
  );
  const values = scalars.map(({ term, key, value }) => [scalarOf(term, key), value] as const);
  const factors = Object.entries(weights).map(
    ([name, weight]) => [factorOf(name), weight * (shares[name] ?? 1)] as const,
  );
  const share = shares[regularizers];
  const ofRegularizers = share === undefined ? [] : [[factorOf(regularizers), share] as const];
  return {
    weights,
    scalars: Object.fromEntries(scalars.map(({ term, key, value }) => [`${term}/${key}`, value])),
    values: Object.fromEntries([...factors, ...values, ...ofRegularizers]),
  };
}

/** The numbers as scalar tensors. Call it in a `tidy`. */
export function scalarTensors({ values }: Pick<StepNumbers, 'values'>): Record<string, Scalar> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, scalar(value)]));
}

/** The factor of a term's loss in the total: its weight and share. */
export function factorOfTerm(numbers: Named, term: string): Scalar {
  return numbers[factorOf(term)] as Scalar;
}

/** The share of the regularisers; undefined if they count in full. */
export function factorOfRegularizers(numbers: Named): Scalar | undefined {
  return numbers[factorOf(regularizers)] as Scalar | undefined;
}

/** The scalars of a term, under its own names. */
export function scalarsOf(numbers: Named, { name, scalars }: Term): Record<string, Scalar> {
  return Object.fromEntries(Object.keys(scalars).map((key) => [key, numbers[scalarOf(name, key)] as Scalar]));
}
