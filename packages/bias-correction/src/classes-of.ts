import { KdError } from '@kd/core';

/**
 * The classes to correct; all classes if the option is omitted. Throws for a class that does not exist or
 * occurs twice.
 */
export function classesOf(
  where: string,
  named: readonly number[] | undefined,
  classes: number,
): readonly number[] {
  if (named === undefined) return Array.from({ length: classes }, (_, index) => index);
  const argument = 'options.classes';
  if (named.length === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument,
      expected: 'a list of at least one class',
      received: 'none',
      remedy: 'Name the classes that the transfer set lacks, or omit the option to correct all.',
    });
  }
  const wrong = named.findIndex((id, index) => id >= classes || named.indexOf(id) !== index);
  if (wrong === -1) return named;
  const id = named[wrong] as number;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: `${argument}[${String(wrong)}]`,
    expected: `among the class ids from 0 to ${String(classes - 1)}, each once`,
    received: id >= classes ? String(id) : `${String(id)} a second time`,
    remedy: "Number the classes in the order of the student's outputs.",
  });
}
