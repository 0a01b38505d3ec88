import { describeValue, KdError } from '@kd/core';

/** Throws unless `ids` are `count` non-empty strings, one per example. */
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
      remedy: 'Give every example a permanent id, such as its path or key.',
    });
  }
  if (ids.length === count) return;
  throw new KdError({
    code: 'KD_DATA_LENGTH',
    where,
    argument,
    expected: `${String(count)} ids, one per example of the inputs`,
    received: String(ids.length),
    remedy: 'Give every example one id.',
  });
}
