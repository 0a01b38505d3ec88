import { describeValue, KdError } from '@kd/core';

/** Throws unless `classes` is a list of names, as many as the outputs are; `undefined` counts are not compared. */
export function checkClasses(
  where: string,
  classes: unknown,
  count: number | null | undefined,
): asserts classes is readonly string[] {
  const isList = Array.isArray(classes) && classes.every((name) => typeof name === 'string');
  if (isList && (typeof count !== 'number' || classes.length === count)) return;
  throw new KdError({
    code: isList ? 'KD_CLASSES_MISMATCH' : 'KD_OPTION_TYPE',
    where,
    argument: 'options.classes',
    expected: isList ? `${String(count)} names, one for each output` : 'an array of strings',
    received: describeValue(classes),
    remedy: 'Name the classes in the order of the outputs.',
  });
}
