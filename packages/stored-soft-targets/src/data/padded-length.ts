import { describeShape, describeValue, KdError } from '@kd/core';
import type { Batch } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The length to which the sequences of a batch are padded: that of its mask, or without one the length that
 * all inputs have; undefined if none has an axis for it.
 */
export function paddedLength(where: string, { mask, inputs }: Batch, rows: number): number | undefined {
  if (mask !== undefined) return lengthOfMask(where, mask, rows);
  const lengths = Object.values(inputs).flatMap(({ shape }) => shape[1] ?? []);
  const [first] = lengths;
  if (lengths.every((length) => length === first)) return first;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'batch.mask',
    expected: `given, because the inputs have second axes of ${[...new Set(lengths)].join(' and ')}`,
    received: describeValue(mask),
    remedy: 'Give each batch a mask [B, L], with 1 for the positions of each sequence and 0 for its padding.',
  });
}

function lengthOfMask(where: string, { shape }: Tensor, rows: number): number {
  const [ofMask, length, ...more] = shape;
  if (ofMask === rows && length !== undefined && more.length === 0) return length;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'batch.mask',
    expected: `of shape ${describeShape([rows, null])}, because the stored outputs are sequences`,
    received: describeShape(shape),
    remedy: 'Mask the positions of the sequences.',
  });
}
