import { fraction, optionsOf, positive, tapPairOptions, whole } from '@kd/core';
import type { FieldsOf, Options, TapPairOptions } from '@kd/core';
import { temperature } from './contrastive-loss.js';
import { labelsOption } from './labels-option.js';

/** Options of `contrastive`. */
export interface ContrastiveOptions extends TapPairOptions {
  /** Length of the embeddings, a whole number >= 1; default 128. */
  readonly dimension?: number;
  /** Number K of negatives of each example, a whole number >= 1; default 16384. */
  readonly negatives?: number;
  /** Temperature T of the scores, a finite number >= 0.02; default 0.07. */
  readonly temperature?: number;
  /** Share of the old embedding that the memory keeps at each visit, in [0, 1]; default 0.5. */
  readonly momentum?: number;
  /** The constant Z, a finite number > 0; default: that of the first batch, for each direction. */
  readonly normalizer?: number;
  /** The class of each row of the data set, whole numbers: negatives are then of other classes. */
  readonly labels?: ArrayLike<number>;
}

/** Describes the options of `contrastive`. */
export const contrastiveOptions: Options<
  ContrastiveOptions,
  FieldsOf<ContrastiveOptions, 'weight' | 'dimension' | 'negatives' | 'temperature' | 'momentum'>
> = optionsOf<ContrastiveOptions>()({
  ...tapPairOptions.fields,
  dimension: whole(1).default(128),
  negatives: whole(1).default(16384),
  temperature: temperature.default(0.07),
  momentum: fraction.default(0.5),
  normalizer: positive.optional(),
  labels: labelsOption.optional(),
});
