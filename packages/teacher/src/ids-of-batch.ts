import { describeValue, KdError } from '@kd/core';
import type { Batch } from '@kd/core';

/** The ids of a batch, for teachers that look answers up. Throws `KD_TERM_NEEDS` if it has none. */
export function idsOf(where: string, { ids }: Batch): readonly string[] {
  if (ids !== undefined) return ids;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'batch.ids',
    expected: 'a list with an id for each example',
    received: describeValue(ids),
    remedy: 'Add ids to the data, one string per example, the same in every epoch.',
  });
}
