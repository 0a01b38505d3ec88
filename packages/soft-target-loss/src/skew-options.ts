import { numberIn, optionsOf } from '@kd/core';
import type { Check, FieldsOf, Options } from '@kd/core';
import { softTargetOptions } from './soft-target-options.js';
import type { SoftTargetOptions } from './soft-target-options.js';

/** Options of `skewSoftTargetLoss` and `skewReverseSoftTargetLoss`. */
export interface SkewOptions extends SoftTargetOptions {
  /** Share α of p in the mixture (of q in the reverse form), strictly between 0 and 1; default 0.1. */
  readonly alpha?: number;
}

/** The option α; `unskewed` names the loss for α = 0. */
const alphaOf = (unskewed: string): Check<number> =>
  numberIn(
    'a number strictly between 0 and 1',
    (x) => x > 0 && x < 1,
    `Use ${unskewed} for α = 0; at α = 1 the loss would be zero for every student.`,
  );

type SkewFields = FieldsOf<SkewOptions, 'scaleByTemperatureSquared' | 'alpha'>;

export const skewOptions: Options<SkewOptions, SkewFields> = optionsOf<SkewOptions>()({
  ...softTargetOptions.fields,
  alpha: alphaOf('softTargetLoss').default(0.1),
});

export const skewReverseOptions: Options<SkewOptions, SkewFields> = optionsOf<SkewOptions>()({
  ...softTargetOptions.fields,
  alpha: alphaOf('reverseSoftTargetLoss').default(0.1),
});
