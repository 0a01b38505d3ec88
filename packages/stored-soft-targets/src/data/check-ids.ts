import { describeValue, KdError } from '@kd/core';
import { idIndex } from '../id-index.js';

/** Throws unless `ids` is an array of `count` non-empty strings. */
export function checkIds(
  where: string,
  argument: string,
  ids: unknown,
  count: number,
): asserts ids is readonly string[] {
  const wrong = Array.isArray(ids) ? ids.findIndex((id) => typeof id !== 'string' || id === '') : undefined;
  if (!Array.isArray(ids) || wrong !== -1) {
    throw new KdError({
      code: 'KD_DATA_TYPE',
      where,
      argument: wrong === undefined ? argument : `${argument}[${String(wrong)}]`,
      expected: wrong === undefined ? 'an array of strings' : 'a non-empty string',
      received: describeValue(wrong === undefined ? ids : (ids as readonly unknown[])[wrong]),
      remedy: 'Give every example an id that stays with it: its path, or its key.',
    });
  }
  if (ids.length === count) return;
  throw new KdError({
    code: 'KD_DATA_LENGTH',
    where,
    argument,
    expected: `of ${String(count)} examples, as the inputs`,
    received: String(ids.length),
    remedy: 'Give every example one id.',
  });
}

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
    remedy: 'Give every example an id of its own; another version of it too, such as "img-7#flip".',
  });
}
