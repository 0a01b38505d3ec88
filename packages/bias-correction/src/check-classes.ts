import { describeValue, KdError } from '@kd/core';

/** Checks the classes whose bias is corrected; all of them if none are named. */
export function checkClasses(where: string, given: unknown, classes: number): readonly number[] {
  if (given === undefined) return Array.from({ length: classes }, (_, index) => index);
  const argument = 'options.classes';
  const expected = `class ids from 0 to ${String(classes - 1)}, each once`;
  if (!Array.isArray(given)) {
    const remedy = 'Pass an array of the numbers of the classes, or leave it out for all.';
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument,
      expected: `an array of ${expected}`,
      received: describeValue(given),
      remedy,
    });
  }
  const named: readonly unknown[] = given;
  if (named.length === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument,
      expected: 'at least one class',
      received: 'none',
      remedy: 'Name the classes that the transfer set lacks, or leave the option out for all.',
    });
  }
  named.forEach((id, index) => {
    const isClass = typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < classes;
    if (isClass && named.indexOf(id) === index) return;
    throw new KdError({
      code: typeof id === 'number' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE',
      where,
      argument: `${argument}[${String(index)}]`,
      expected: `among the ${expected}`,
      received: isClass ? `${String(id)} a second time` : describeValue(id),
      remedy: 'Number the classes as the outputs of the student do.',
    });
  });
  return named as readonly number[];
}
