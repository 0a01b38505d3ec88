import { checkTapPair, defineTerm, tapPairFields } from '@kd/core';
import type { FeatureShape, Term } from '@kd/core';
import { concat, expandDims } from '@tensorflow/tfjs-core';
import { bankModule, remember } from './bank.js';
import type { BankReads } from './bank.js';
import { checkNegatives, digestOfLabels } from './labels-option.js';
import { lossOfBank } from './loss-of-bank.js';
import { negativeRows } from './negative-rows.js';
import { contrastiveOptions } from './options.js';
import type { ContrastiveOptions } from './options.js';

const rowsOfKnownLength: FeatureShape = {
  expected: 'of shape [B, ..., D] with known sizes',
  fits: (shape) => shape.length >= 2 && shape.slice(1).every((size) => typeof size === 'number'),
  remedy: 'Pass features of a fixed size.',
};

/**
 * Contrastive representation distillation as a term of a recipe: the sum of `contrastiveLoss` of the
 * student's embeddings among remembered ones of the teacher, and the reverse.
 *
 * Both layers are flattened, mapped linearly to `dimension` numbers and divided by their length. A memory
 * holds both embeddings of every example of the data set, and after each step takes in those of the batch.
 * So the negatives come from the whole data set. Embeddings, memory and Z are a module, saved in checkpoints
 * under the term's name; the trained student contains no trace of it (Tian et al. 2020).
 *
 * The data must have rows: data in memory do; a stream states `size`, and gives each batch its `rows`.
 *
 * @param options the two taps, outputs `[B, ..., D]` of fixed sizes; size of embeddings, number of negatives,
 *   temperature, momentum, Z; labels, to draw negatives of other classes only; weight, a number or schedule;
 *   name
 * @returns a `Term` for `defineRecipe`, named `contrast <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; before the first step
 *   `KD_TENSOR_SHAPE` for taps without features, `KD_DATA_LENGTH` for labels of another data set,
 *   `KD_TERM_NEEDS` for a single example or class, or a data set of unknown size
 *
 * @example
 * ```ts
 * import { contrastive } from '@kd/contrastive';
 * const term = contrastive({ student: 'pool', teacher: 'pool_5', weight: 0.8 });
 * console.log(term.name, Object.keys(term.modules));
 * // contrast pool<-pool_5 [ 'bank' ]
 * ```
 */
export function contrastive(options: ContrastiveOptions): Term {
  const where = 'contrastive';
  const settings = contrastiveOptions.read(where, options);
  const { dimension, negatives, temperature, momentum, normalizer, labels } = settings;
  const fields = tapPairFields('contrast', settings);
  const reads: BankReads = { ...fields.reads, rows: true };
  return defineTerm({
    ...fields,
    reads,
    settings: {
      dimension,
      negatives,
      temperature,
      momentum,
      normalizer: normalizer ?? null,
      labels: digestOfLabels(labels),
    },
    modules: { bank: bankModule(fields.name, reads, { dimension, normalizer, labels }) },
    check: (infos) => {
      checkTapPair(where, settings, infos, rowsOfKnownLength);
      checkNegatives(where, infos.datasetSize, labels);
    },
    loss: ({ student, teacher, rows, modules: { bank }, random }) => {
      const others = negativeRows(rows, random([negatives]), bank);
      return lossOfBank(bank, {
        features: { student: student.features, teacher: teacher.features },
        rows,
        candidates: concat([expandDims(rows, 1), others], 1),
        temperature,
      });
    },
    afterStep: ({ modules: { bank }, carry }) => {
      remember(bank, carry, momentum);
    },
  });
}
