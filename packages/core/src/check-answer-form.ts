import { dispose, Tensor } from '@tensorflow/tfjs-core';
import type { TensorContainer } from '@tensorflow/tfjs-core';
import { describeValue } from './describe-value.js';
import { KdError } from './kd-error.js';
import type { TeacherAnswer } from './teacher.js';

/**
 * Throws `KD_TEACHER_OUTPUT` unless a value has the form of a teacher's answer, and then disposes its
 * tensors. `where` ends with the teacher: `cachedTeacher, the teacher`.
 */
export function checkAnswerForm(where: string, answer: unknown): asserts answer is TeacherAnswer {
  const fault = faultOf(answer);
  if (fault === undefined) return;
  dispose(answer as TensorContainer);
  throw new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: 'its answer',
    expected: fault[0],
    received: describeValue(fault[1]),
    remedy: 'Let predict() answer { members: [{ outputs, weight }], taps }.',
  });
}

/** What is expected, and what is there. */
function faultOf(answer: unknown): readonly [string, unknown] | undefined {
  const { members, taps } = Object(answer) as { readonly members?: unknown; readonly taps?: unknown };
  if (!Array.isArray(members) || !Array.isArray(taps)) return ['an object with members and taps', answer];
  for (const member of members as readonly unknown[]) {
    const { outputs, weight } = Object(member) as { readonly outputs?: unknown; readonly weight?: unknown };
    if (typeof outputs !== 'object' || outputs === null || typeof weight !== 'number')
      return ['of members { outputs, weight }', member];
    const given = Object.values(outputs) as readonly unknown[];
    const odd = given.find((output) => output !== undefined && !(output instanceof Tensor));
    if (odd !== undefined) return ['of outputs that are tensors', odd];
  }
  const odd = (taps as readonly unknown[]).findIndex((tap) => !(tap instanceof Tensor));
  return odd < 0 ? undefined : ['of taps that are tensors', taps[odd]];
}
