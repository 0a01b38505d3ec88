import { describeValue, KdError } from '@kd/core';

/**
 * Throws `KD_DATA_TYPE` for an id with half a character, a lone surrogate: UTF-8, and so a Parquet file,
 * cannot represent it.
 */
export function checkWellFormed(where: string, argument: string, ids: readonly string[]): void {
  const wrong = ids.findIndex((id) => /\p{Surrogate}/u.test(id));
  if (wrong === -1) return;
  throw new KdError({
    code: 'KD_DATA_TYPE',
    where,
    argument: `${argument}[${String(wrong)}]`,
    expected: 'a string of whole characters',
    received: `${describeValue(ids[wrong])}, with half a surrogate pair`,
    remedy: 'Cut ids between characters, not inside them.',
  });
}
