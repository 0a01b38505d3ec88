import { add, div, mean, mul, sqrt, square, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Schedule, Term } from '@kd/core';

/**
 * A loss of one's own: `1 - r` with Pearson's correlation r between the logits of student and teacher, per example.
 *
 * The student has to rank the classes as the teacher does, at any scale of its own.
 */
export function correlation({ weight }: { readonly weight: number | Schedule }): Term {
  return {
    apiVersion: 1,
    name: 'correlation',
    weight,
    reduces: 'example',
    needs: ['teacher'],
    loss: ({ student, teacher }) => {
      const [first] = teacher?.members ?? [];
      if (first === undefined) throw new Error('correlation: the recipe has no teacher.');
      return { values: sub(1, pearson(student.output, first.output)) };
    },
  };
}

/** Correlation along the last axis. */
function pearson(a: Tensor, b: Tensor): Tensor {
  const [x, y] = [standardised(a), standardised(b)];
  return mean(mul(x, y), -1);
}

function standardised(x: Tensor): Tensor {
  const centred = sub(x, mean(x, -1, true));
  // The small number keeps a row of equal logits, whose spread is zero, finite.
  return div(centred, sqrt(add(mean(square(centred), -1, true), 1e-6)));
}
