import { describeValue, KdError } from '@kd/core';

/** Throws unless `ids` are `count` non-empty strings, one for each example. */
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
