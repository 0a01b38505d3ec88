import { describeValue, KdError, optionFault } from '@kd/core';
import type { OptionPath } from '@kd/core';

/** Throws unless a part has as many classes as the first model. */
export function checkClasses(
  { where, argument }: OptionPath,
  part: string,
  count: number,
  classes: number,
): void {
  if (count === classes) return;
  throw new KdError({
    code: 'KD_CLASSES_MISMATCH',
    where,
    argument: `${argument}.${part}`,
    expected: `of ${String(classes)} classes, as the first model is`,
    received: String(count),
    remedy: 'Pass what all models answer for the same classes.',
  });
}

/** Throws if two classes have the same name. */
export function checkUnique({ where, argument }: OptionPath, names: readonly string[]): void {
  const index = names.findIndex((name, id) => names.indexOf(name) < id);
  if (index === -1) return;
  const at = { where, argument: `${argument}.classes[${String(index)}]` };
  throw optionFault('RANGE', at, 'a name that no other class has', names[index], 'Tell the classes apart.');
}

/** Throws for a label that is no class id. */
export function checkLabels(
  { where, argument }: OptionPath,
  labels: ArrayLike<unknown>,
  classes: number,
): void {
  for (let row = 0; row < labels.length; row++) {
    const id = labels[row];
    if (Number.isInteger(id) && Number(id) >= 0 && Number(id) < classes) continue;
    throw new KdError({
      code: 'KD_LABEL_RANGE',
      where,
      argument: `${argument}.labels[${String(row)}]`,
      expected: `a class id from 0 to ${String(classes - 1)}`,
      received: describeValue(id),
      remedy: 'Remove the rows that have no label.',
    });
  }
}
