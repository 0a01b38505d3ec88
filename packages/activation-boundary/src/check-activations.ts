import { KdError } from '@kd/core';
import type { ValueInfo } from '@kd/core';

const alwaysAboveZero = ['sigmoid', 'softmax', 'softplus'];
const neverBelowZero = [...alwaysAboveZero, 'relu', 'relu6', 'hardSigmoid'];

/** Throws for a teacher that is never off, and without a connector for a student that cannot be. */
export function checkActivations(
  where: string,
  { features: student }: { readonly features: ValueInfo },
  { features: teacher }: { readonly features: ValueInfo },
  connects: boolean,
): void {
  if (!connects) check(where, 'options.student', student, neverBelowZero);
  check(where, 'options.teacher', teacher, alwaysAboveZero);
}

function check(where: string, argument: string, info: ValueInfo, refused: readonly string[]): void {
  if (info.activation === undefined || !refused.includes(info.activation)) return;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument,
    expected: 'a value before the activation',
    received: `a value after ${info.activation}`,
    remedy: 'Write the tap as { layer, at: "preActivation" }.',
  });
}
