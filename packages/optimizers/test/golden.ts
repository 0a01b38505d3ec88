import { goldenFile } from '@kd/testing';
import { adam, adamW, rmsprop, sgd } from '../src/index.js';

/** Numbers of each variable, row by row. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** PyTorch's results for given gradients with one optimizer. */
export interface GoldenCase {
  readonly optimizer: keyof typeof makers;
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly gradients: 'ordinary' | 'tiny' | 'quadratic';
  /** One for each step, if they change. */
  readonly learningRates?: readonly number[];
  /** The step before which all weights are assigned. */
  readonly assignBefore?: number;
  /** The step from which the filter has a gradient. */
  readonly filterFrom?: number;
  /** After this many steps. */
  readonly weights: Readonly<Record<string, Numbers>>;
  /** After the last step, as `firstMoment/kernel`. */
  readonly slots: Numbers;
}

interface Golden {
  readonly shapes: Readonly<Record<string, number[]>>;
  readonly start: Numbers;
  readonly assigned: Numbers;
  readonly gradients: Readonly<Record<'ordinary' | 'tiny', Readonly<Record<string, readonly number[][]>>>>;
  readonly quadratic: Readonly<Record<'curvature' | 'shift', Numbers>>;
  readonly cases: readonly GoldenCase[];
}

/** By the names of the cases. */
export const makers: {
  readonly sgd: typeof sgd;
  readonly adam: typeof adam;
  readonly adamW: typeof adamW;
  readonly rmsprop: typeof rmsprop;
} = { sgd, adam, adamW, rmsprop };

/** Written by make_golden.py beside it. */
export const golden: Golden = goldenFile('optimizers/optimizers') as Golden;

/** Names a case by what distinguishes it. */
export function nameOf({ optimizer, options, gradients, ...more }: GoldenCase): string {
  const parts = Object.entries(options).map(([key, value]) => `${key} ${String(value)}`);
  if (gradients !== 'ordinary') parts.push(`${gradients} gradients`);
  if (more.learningRates !== undefined) parts.push('a schedule');
  if (more.assignBefore !== undefined) parts.push('weights that are assigned');
  if (more.filterFrom !== undefined) parts.push('a filter that begins later');
  return `${optimizer}: ${parts.join(', ') || 'defaults'}`;
}
