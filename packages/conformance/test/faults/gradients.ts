import { offTape, withGradient } from '@kd/core';
import {
  add,
  cast,
  div,
  exp,
  greater,
  log,
  max,
  abs,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  maximum,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { classes, errorsOfScores, perExample, scores, sequence, squaredError, subjectOf } from '../sound.js';
import { example, relation } from './fault.js';
import type { Fault } from './fault.js';

/** `|s - t|`, computed without overflow, whose gradient is 0 / 0 where both are equal. */
function unguardedDistance(s: Tensor, t: Tensor): Tensor {
  return withGradient(sub(s, t), (difference) => {
    const largest = max(abs(difference), [1, 2], true);
    const scaled = div(difference, maximum(largest, 1e-38));
    const length = mul(sqrt(sum(square(scaled), [1, 2], true)), largest);
    return {
      value: sum(length, [1, 2]),
      saved: [difference, length],
      gradient: (dy, d, of) => mul(reshape(dy, [-1, 1, 1]), div(d, of)),
    };
  });
}

/** Gradients, and numbers at the ends of their range. */
export const faultsOfGradients: readonly Fault[] = [
  {
    name: 'has a gradient of its own that lacks a factor',
    caughtBy: 'gradient',
    subject: example((s, t) =>
      withGradient(s, (x) => {
        const difference = sub(x, t);
        return {
          value: perExample(square(difference)),
          saved: [difference],
          gradient: (dy, d) => mul(reshape(dy, [-1, 1, 1]), div(d, 6)),
        };
      }),
    ),
  },
  {
    name: 'takes half of what depends on the student off the tape',
    caughtBy: 'gradient',
    subject: example((s, t) =>
      add(
        squaredError(s, t),
        offTape(() => squaredError(mul(s, 2), t)),
      ),
    ),
  },
  {
    name: 'asks only whether the student is larger',
    caughtBy: 'learns',
    subject: example((s, t) =>
      perExample(
        withGradient(s, (x) => ({
          value: cast(greater(x, t), 'float32'),
          saved: [],
          gradient: (dy) => mul(dy, 0),
        })),
      ),
    ),
  },
  {
    name: 'forgets to stop the gradient of its own target',
    caughtBy: 'constant',
    subject: subjectOf({
      reads: { student: { shallow: 'shallow', deep: 'deep' } },
      shapes: { student: { shallow: [3, 2], deep: [3, 2] } },
      claims: { constant: ['student.deep'] },
      loss: ({ student }) => ({ values: squaredError(student.shallow, student.deep) }),
    }),
  },
  {
    name: 'promises no gradient for the teacher, and has one',
    caughtBy: 'constant',
    subject: example((s, t) => squaredError(s, t), { constant: ['teacher.map'] }),
  },
  {
    name: 'takes the root of zero where both are equal',
    caughtBy: 'finite-at-equality',
    subject: relation((s, t) => mean(unguardedDistance(s, t))),
  },
  {
    name: 'divides by zero where the teacher’s features are zero',
    caughtBy: 'zero-rows',
    subject: relation((s, t) => mean(squaredError(s, div(t, max(abs(t), [1, 2], true))))),
  },
  {
    name: 'takes the softmax without subtracting the largest logit',
    caughtBy: 'large-values',
    subject: subjectOf({
      ...classes,
      loss: ({ student, teacher }) => {
        const soft = (z: Tensor): Tensor => div(exp(z), sum(exp(z), 1, true));
        return { values: squaredError(log(add(soft(student.logits), 1e-3)), soft(teacher.logits)) };
      },
    }),
  },
  {
    name: 'keeps a norm from zero by an epsilon of 1e-12',
    caughtBy: 'tiny-values',
    subject: relation((s, t) => {
      const unit = (x: Tensor): Tensor => div(x, add(sum(abs(x), [1, 2], true), 1e-12));
      return mean(squaredError(unit(s), unit(t)));
    }),
  },
  {
    name: 'is exactly independent of the scale of vanishing features',
    caughtBy: 'tiny-values',
    subject: relation((s, t) => {
      const unit = (x: Tensor): Tensor => div(x, maximum(sum(abs(x), [1, 2], true), 1e-15));
      return mean(squaredError(unit(s), unit(t)));
    }),
  },
  {
    name: 'reads a mask and averages over all positions',
    caughtBy: 'masked-positions',
    subject: subjectOf({
      ...sequence,
      loss: ({ student, teacher }) => ({ values: squaredError(mean(student.map, 1), mean(teacher.map, 1)) }),
    }),
  },
  {
    name: 'averages scores over masked positions too',
    caughtBy: 'masked-positions',
    subject: subjectOf({
      ...scores,
      loss: ({ student, teacher, mask }) => ({
        values: mean(errorsOfScores(student.map, teacher.map, mask).errors, 2),
      }),
    }),
  },
];
