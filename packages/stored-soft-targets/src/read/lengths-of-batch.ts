import { KdError } from '@kd/core';
import type { Batch } from '@kd/core';
import { paddedLength } from '../data/padded-length.js';

const where = 'storedTeacher';

/** The lengths of the sequences that a batch asks for. */
export interface LengthsOfBatch {
  /** The length to which the answer is padded. */
  readonly padded: number;
  /** The stored length of each example. */
  readonly stored: readonly number[];
}

/**
 * How the answer for a batch is padded: to the length of the mask, or without one to the length that the
 * inputs have. Throws unless every stored sequence covers the positions that count, and fits.
 */
export async function lengthsOfBatch(
  batch: Batch,
  ids: readonly string[],
  stored: readonly number[],
): Promise<LengthsOfBatch> {
  const { mask } = batch;
  // Without a mask all positions count.
  const padded = paddedLength(where, batch, ids.length) ?? stored[0] ?? 0;
  const marks = mask && (await mask.data());
  for (const [row, length] of stored.entries()) {
    const kept = marks === undefined ? padded : endOf(marks.subarray(row * padded, (row + 1) * padded));
    if (length >= kept && length <= padded) continue;
    throw otherLength(ids[row] as string, length, kept, padded);
  }
  return { padded, stored };
}

/** The number of positions up to the last that counts. A prompt before them may be masked. */
function endOf(marks: Float32Array | Int32Array | Uint8Array): number {
  return marks.findLastIndex((mark) => mark !== 0) + 1;
}

function otherLength(id: string, stored: number, kept: number, padded: number): KdError {
  const exactly = kept === padded ? String(kept) : `from ${String(kept)} to ${String(padded)}`;
  return new KdError({
    code: 'KD_TARGETS_MISMATCH',
    where,
    argument: `the stored length of ${JSON.stringify(id)}`,
    expected: `${exactly}, for the positions that count and the length of the batch`,
    received: String(stored),
    remedy: 'Give the batch the mask of its padding, and store the targets again if the text has changed.',
  });
}
