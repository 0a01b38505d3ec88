import { checkShape, KdError } from '@kd/core';
import type { Batch } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { namedInputs } from '../named-inputs.js';

/** The token ids of a batch. */
export interface TokenRows {
  /** L, the number of positions. */
  readonly length: number;
  /** The ids of each example up to its last position that counts. */
  readonly rows: readonly Int32Array[];
}

/** Reads an int32 input `[B, L]`; the mask of the batch says which positions count. */
export async function tokenRows(where: string, batch: Batch, input: string): Promise<TokenRows> {
  const info = { name: input, shape: [null, null], dtypes: ['int32'] };
  const tokens = namedInputs(where, [info], batch).get(input) as Tensor;
  const { mask } = batch;
  if (mask !== undefined) checkShape(where, 'batch.mask', mask, tokens.shape);
  const [ids, counts] = await Promise.all([tokens.data<'int32'>(), mask?.data()]);
  const [size = 0, length = 0] = tokens.shape;
  const rows = Array.from({ length: size }, (_, row) => {
    const start = row * length;
    const last = counts?.subarray(start, start + length).findLastIndex((count) => count !== 0);
    return ids.slice(start, start + (last === undefined ? length : last + 1));
  });
  const wrong = rows.findIndex((row) => row.some((id) => id < 0));
  if (wrong < 0) return { length, rows };
  throw new KdError({
    code: 'KD_TOKEN_UNKNOWN',
    where,
    argument: `row ${String(wrong)} of the input ${JSON.stringify(input)}`,
    expected: 'token ids >= 0 up to the last position that counts',
    received: String(rows[wrong]?.find((id) => id < 0)),
    remedy: 'Pass a mask that is 0 where there is no token.',
  });
}
