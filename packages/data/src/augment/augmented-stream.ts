import { dispose, tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  describeShape,
  describeValue,
  fn,
  KdError,
  list,
  nested,
  optionsOf,
  positive,
  tensorsOfBatch,
  whole,
} from '@kd/core';
import type { Batch, Named } from '@kd/core';
import type { BatchStream, InMemoryData } from '../data.js';
import { examplesInMemory } from '../in-memory.js';
import { shuffledOrder } from '../shuffled-order.js';
import { augmentTensor } from './augment-images.js';
import type { AugmentationTime } from './augment-images.js';
import type { Augmentation } from './image.js';
import { mixup as mix, mixupDraws } from './mixup.js';

/** Options of `augmentedStream`. */
export interface AugmentedStreamOptions {
  /** Examples per batch, a whole number >= 1; default 32. */
  readonly batchSize?: number;
  /** Applied one after the other to each input, `[n, H, W, C]`; several inputs get the same draws. */
  readonly augmentations?: readonly Augmentation[];
  /** Mixes each example with another one: `alpha` of Beta(α, α), finite and > 0. */
  readonly mixup?: { readonly alpha: number };
}

const where = 'augmentedStream';
const streamOptions = optionsOf<AugmentedStreamOptions>()({
  batchSize: whole(1).default(32),
  augmentations: list(fn<Augmentation>('an augmentation')).default([]),
  mixup: nested(optionsOf<{ readonly alpha: number }>()({ alpha: positive })).optional(),
});

/**
 * A stream of augmented examples, shuffled by the epoch's seed.
 *
 * What becomes of an example depends only on the seed, the epoch and its row, so a training resumes bit for
 * bit. With mixup, an example is `λ x + (1 - λ) y` and its targets are mixed with the same λ, which is drawn
 * from Beta(α, α); the partner y is any row of the data set, augmented too. A mixed example is none of the
 * data set, so it has no id.
 *
 * @param data examples in memory; inputs `[n, H, W, C]` for augmentations; float32 targets, such as one-hot
 *   labels `[n, N]`, and neither `sampleWeight`, `labelled` nor `mask` for mixup
 * @param options batch size, augmentations, mixup
 * @returns a `BatchStream` for `train`
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`, `KD_DATA_TYPE`, `KD_DATA_LENGTH`,
 *   `KD_BATCH_EMPTY`, `KD_TENSOR_SHAPE`, `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { augmentedStream, randomFlip, randomShift } from '@kd/data';
 * const data = { inputs: { values: new Float32Array(300), shape: [3, 10, 10, 1] }, labels: Int32Array.of(0, 1, 2) };
 * const stream = augmentedStream(data, { batchSize: 2, augmentations: [randomShift({ width: 2 }), randomFlip()] });
 * for await (const { inputs, targets } of stream({ epoch: 0, seed: 1, skip: 0 })) {
 *   console.log(inputs['input']?.shape.join(), await targets?.['labels']?.array());
 *   // 2,10,10,1 [ 1, 2 ]
 *   // 1,10,10,1 [ 0 ]
 * }
 * ```
 */
export function augmentedStream(data: InMemoryData, options: AugmentedStreamOptions = {}): BatchStream {
  const { batchSize, augmentations, mixup } = streamOptions.read(where, options);
  const { size, batches } = examplesInMemory(where, 'data', data);
  const take = (rows: Int32Array): Batch => [...batches(rows, rows.length)][0] as Batch;
  const sample = take(Int32Array.of(0));
  try {
    if (augmentations.length > 0) checkImages(sample.inputs);
    if (mixup !== undefined) checkMixable(sample);
  } finally {
    dispose(tensorsOfBatch(sample));
  }
  const augmented = async (rows: Int32Array, time: AugmentationTime): Promise<Batch> => {
    const batch = take(rows);
    if (augmentations.length === 0) return batch;
    const augment = (input: Tensor): Promise<Tensor> => augmentTensor(input, rows, time, augmentations);
    return replaced(batch, async () => ({ ...batch, inputs: await mapped(batch.inputs, augment) }));
  };
  const mixed = async (rows: Int32Array, alpha: number, time: AugmentationTime): Promise<Batch> => {
    const { partners, lambdas } = mixupDraws(rows, size, alpha, time);
    const own = await augmented(rows, time);
    return replaced(own, async () => {
      const other = await augmented(partners, time);
      return replaced(other, async () => ({
        inputs: await mapped(own.inputs, mixedWith(other.inputs, lambdas)),
        targets: await mapped(own.targets ?? {}, mixedWith(other.targets ?? {}, lambdas)),
      }));
    });
  };
  return async function* ({ epoch, seed, skip }) {
    const order = shuffledOrder(size, seed);
    for (let start = skip * batchSize; start < size; start += batchSize) {
      const rows = order.subarray(start, start + batchSize);
      yield mixup === undefined
        ? augmented(rows, { seed, epoch })
        : mixed(rows, mixup.alpha, { seed, epoch });
    }
  };
}

/** The batch that `make` makes from another one, whose tensors are disposed unless they are part of it. */
async function replaced(batch: Batch, make: () => Promise<Batch>): Promise<Batch> {
  const kept = new Set<Tensor>();
  try {
    const made = await make();
    for (const one of tensorsOfBatch(made)) kept.add(one);
    return made;
  } finally {
    dispose(tensorsOfBatch(batch).filter((one) => !kept.has(one)));
  }
}

async function mapped(
  tensors: Named,
  change: (tensor: Tensor, name: string) => Promise<Tensor>,
): Promise<Record<string, Tensor>> {
  const made: Record<string, Tensor> = {};
  try {
    for (const [name, one] of Object.entries(tensors)) made[name] = await change(one, name);
    return made;
  } catch (error) {
    dispose(made);
    throw error;
  }
}

function mixedWith(others: Named, lambdas: Float32Array): (own: Tensor, name: string) => Promise<Tensor> {
  return async (own, name) => {
    const other = others[name] as Tensor;
    const values = mix(await own.data<'float32'>(), await other.data<'float32'>(), lambdas);
    return tensor(values, own.shape as number[], 'float32');
  };
}

function checkImages(inputs: Named): void {
  const other = Object.entries(inputs).find(([, { rank }]) => rank !== 4);
  if (other === undefined) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: `data.inputs.${other[0]}`,
    expected: 'images [n, H, W, C] for augmentations',
    received: describeShape([null, ...other[1].shape.slice(1)]),
    remedy: 'Give images their height, width and channels: { values, shape: [n, 28, 28, 1] }.',
  });
}

function checkMixable({ targets = {}, sampleWeight, labelled, mask }: Batch): void {
  const weights = Object.entries({ sampleWeight, labelled, mask }).find(([, one]) => one !== undefined);
  if (weights !== undefined) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: `data.${weights[0]}`,
      expected: 'absent with mixup, which would have to mix it',
      received: describeValue(weights[1]),
      remedy: 'Leave it out, or train without mixup.',
    });
  }
  const whole = Object.entries(targets).find(([, { dtype }]) => dtype !== 'float32');
  if (whole === undefined) return;
  throw new KdError({
    code: 'KD_TENSOR_DTYPE',
    where,
    argument: `data.targets.${whole[0]}`,
    expected: 'float32 for mixup, such as one-hot labels [n, N]',
    received: whole[1].dtype,
    remedy:
      'Pass tf.oneHot(labels, classes).toFloat(), and a term for distributions: hardTargetFromDistributions().',
  });
}
