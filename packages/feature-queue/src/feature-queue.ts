import {
  checkTapPair,
  defineTerm,
  offTape,
  optionsOf,
  tapPairFields,
  tapPairOptions,
  unitVectors,
  whole,
} from '@kd/core';
import type { FeatureShape, TapPairOptions, Term } from '@kd/core';
import { add, concat, matMul, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { featureQueueLoss, lossOptions } from './feature-queue-loss.js';
import type { FeatureQueueLossOptions } from './feature-queue-loss.js';
import { enqueue, queueModule } from './queue.js';

/** Options of `featureQueue`. */
export interface FeatureQueueOptions extends TapPairOptions, FeatureQueueLossOptions {
  /** Number of examples that the queue holds, a whole number >= 1; default 8192. */
  readonly size?: number;
}

const featureQueueOptions = optionsOf<FeatureQueueOptions>()({
  ...tapPairOptions.fields,
  ...lossOptions.fields,
  size: whole(1).default(8192),
});

const rowsOfKnownLength: FeatureShape = {
  expected: 'of shape [B, ..., D] with known sizes',
  fits: (shape) => shape.length >= 2 && shape.slice(1).every((size) => typeof size === 'number'),
  remedy: 'Pass features of a fixed size.',
};

/**
 * `featureQueueLoss` as a term of a recipe, without labels: with the teacher's features of this batch and of
 * the batches before it as the queue.
 *
 * The features are flattened. A linear layer, which trains along, gives the student's the teacher's length.
 * After each step the teacher's features of the batch replace the oldest ones of the queue. Both are a
 * module, saved in checkpoints under the term's name; the trained student contains no trace of it.
 *
 * @param options the two taps, outputs `[B, ..., D]` of fixed sizes; temperature; size of the queue; weight,
 *   a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `queue <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps without features
 *
 * @example
 * ```ts
 * import { featureQueue } from '@kd/feature-queue';
 * const term = featureQueue({ student: 'pool', teacher: 'pool_5', size: 1024 });
 * console.log(term.name, Object.keys(term.modules));
 * // queue pool<-pool_5 [ 'queue' ]
 * ```
 */
export function featureQueue(options: FeatureQueueOptions): Term {
  const where = 'featureQueue';
  const settings = featureQueueOptions.read(where, options);
  const { size, temperature } = settings;
  const fields = tapPairFields('queue', settings);
  return defineTerm({
    ...fields,
    settings: { size, temperature },
    modules: { queue: queueModule(fields.name, fields.reads, size) },
    check: (infos) => {
      checkTapPair(where, settings, infos, rowsOfKnownLength);
    },
    loss: ({ student, teacher, modules: { queue } }) => {
      const vectors = offTape(() => unitVectors(rowsOf(teacher.features), 1));
      const projected = add(matMul(rowsOf(student.features), queue.kernel as Tensor), queue.bias);
      const known = offTape(() => concat([vectors, queue.queue], 0));
      return { values: featureQueueLoss(vectors, projected, known, { temperature }), carry: { vectors } };
    },
    afterStep: ({ modules: { queue }, carry }) => {
      enqueue(queue, carry.vectors);
    },
  });
}

function rowsOf(features: Tensor): Tensor {
  return reshape(features, [features.shape[0], -1]);
}
