import { KdError } from '@kd/core';
import type { Shape } from '@kd/core';
import type { BatchWithIds } from '../data/data-to-store.js';
import { paddedLength } from '../data/padded-length.js';
import { where } from './options.js';

/** The sequences of a batch. */
export interface Sequences {
  /** The length to which they are padded; undefined if only the answer tells. */
  readonly padded: number | undefined;
  /** The length of each; undefined if none is padded. */
  readonly lengths: readonly number[] | undefined;
}

/**
 * Whether a value is described as a sequence: only the length is unknown. The last axis of anything but
 * values has classes.
 */
export function describesSequence([, length, ...rest]: Shape, areValues: boolean): boolean {
  return length === null && !rest.includes(null) && (areValues || rest.length > 0);
}

/** The sequences of a batch; throws unless its mask has ones and then zeros in each row. */
export async function sequencesOf(batch: BatchWithIds): Promise<Sequences> {
  const { mask, ids } = batch;
  const padded = paddedLength(where, batch, ids.length);
  if (mask === undefined || padded === undefined) return { padded, lengths: undefined };
  const marks = await mask.data();
  const lengths = ids.map((id, row) => prefixOf(marks.subarray(row * padded, (row + 1) * padded), id));
  return { padded, lengths };
}

/** The number of ones before the zeros. */
function prefixOf(marks: ArrayLike<number>, id: string): number {
  const all = Array.from(marks);
  const end = all.findIndex((mark) => mark !== 1);
  const length = end === -1 ? all.length : end;
  const odd = all.findIndex((mark, position) => position >= length && mark !== 0);
  if (odd === -1) return length;
  throw new KdError({
    code: 'KD_MASK_GAPS',
    where,
    argument: `batch.mask of ${JSON.stringify(id)}`,
    expected: '1 for the first positions and 0 for the padding after them',
    received:
      odd === length
        ? `${String(all[odd])} at position ${String(odd)}`
        : `0 at position ${String(length)} and ${String(all[odd])} at position ${String(odd)}`,
    remedy:
      'Put the padding last, and store with a mask of the padding alone; positions that the student should ' +
      'not learn, such as a prompt, are masked when the set is read.',
  });
}
