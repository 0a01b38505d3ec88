import { KdError } from '@kd/core';
import { idIndex } from '../id-index.js';

/** Throws `KD_ID_DUPLICATE` if an id occurs twice. */
export function checkUnique(where: string, argument: string, ids: readonly string[]): void {
  const index = idIndex();
  for (const [row, id] of ids.entries()) {
    if (index.add(id) === -1) throw duplicate(where, `${argument}[${String(row)}]`, id);
  }
}

/** The error `KD_ID_DUPLICATE`. */
export function duplicate(where: string, argument: string, id: string): KdError {
  return new KdError({
    code: 'KD_ID_DUPLICATE',
    where,
    argument,
    expected: 'an id that no other example has',
    received: JSON.stringify(id),
    remedy: 'Give every example a unique id, including augmented versions, such as "img-7#flip".',
  });
}
