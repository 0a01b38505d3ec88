import { square, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { defineTerm } from '@kd/core';
import type { Term } from '@kd/core';

/** A term on the student's logits. */
export function termOf(
  name: string,
  values: (logits: Tensor) => Tensor,
  changes: Partial<Pick<Term, 'weight' | 'reduces'>> = {},
): Term {
  return defineTerm({
    name,
    reads: { student: { logits: { as: 'logits' } } },
    loss: ({ student }) => ({ values: values(student.logits) }),
    ...changes,
  });
}

/** The squared length of the student's logits. */
export function squares(name: string, changes: Partial<Pick<Term, 'weight' | 'reduces'>> = {}): Term {
  return termOf(name, (logits) => sum(square(logits), -1), changes);
}
