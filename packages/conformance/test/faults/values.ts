import { tapPairOptions } from '@kd/core';
import {
  add,
  expandDims,
  getBackend,
  logSoftmax,
  max,
  mean,
  mul,
  neg,
  oneHot,
  randomUniform,
  reshape,
  scalar,
  slice,
  softmax,
  square,
  squeeze,
  sub,
  sum,
} from '@tensorflow/tfjs-core';
import type { options } from '../sound.js';
import { classes, perExample, squaredError, subjectOf } from '../sound.js';
import { soundTerms } from '../sound-terms.js';
import { example, relation } from './fault.js';
import type { Fault } from './fault.js';

const { reference } = soundTerms['a squared error']?.claims ?? {};
const measured = reference === undefined ? {} : { reference };
let calls = 0;
let made = 0;

/** A fault that only a step in one call shows. */
export const faultsOfCalls: readonly Fault[] = [
  {
    name: 'hides a number of its own that changes with each call',
    caughtBy: 'compiled',
    subject: example((s, t) => add(squaredError(s, t), scalar(1e-30 * calls++))),
  },
];

/** What a loss returns. */
export const faultsOfValues: readonly Fault[] = [
  {
    name: 'keeps the axis that it has averaged over',
    caughtBy: 'shape',
    subject: example((s, t) => mean(reshape(square(sub(s, t)), [-1, 6]), 1, true)),
  },
  {
    name: 'has an axis of classes left over',
    caughtBy: 'shape',
    subject: example((s, t) => sum(square(sub(s, t)), 1)),
  },
  {
    name: 'weighs by how much more sure the teacher is',
    caughtBy: 'weights',
    subject: subjectOf({
      ...classes,
      loss: ({ student, teacher, targets }) => ({
        values: squaredError(student.logits, teacher.logits),
        weights: sub(sum(mul(softmax(teacher.logits), oneHot(targets.labels, 4)), 1), 0.25),
      }),
    }),
  },
  {
    name: 'adds a little noise of its own',
    caughtBy: 'repeatable',
    subject: example((s, t) => add(squaredError(s, t), randomUniform([s.shape[0]], 0, 1e-6))),
  },
  {
    name: 'counts its calls in a closure',
    caughtBy: 'repeatable',
    subject: example((s, t) => mul(squaredError(s, t), 1 + 1e-6 * calls++)),
  },
  {
    name: 'remembers the size of the last batch',
    caughtBy: 'repeatable',
    subject: (() => {
      let last = 0;
      return example((s, t) => {
        const values = mul(squaredError(s, t), 1 + 1e-6 * last);
        last = s.shape[0];
        return values;
      });
    })(),
  },
  {
    name: 'is called after how many there are',
    caughtBy: 'made-anew',
    subject: subjectOf({
      ...classes,
      loss: ({ student, teacher }) => ({ values: squaredError(student.logits, teacher.logits) }),
      makeTerm: (term, given) => {
        tapPairOptions.read('tried', given as typeof options);
        return { ...term, name: `tried ${String(made++)}` };
      },
    }),
  },
  {
    name: 'sums where its paper takes the mean',
    caughtBy: 'reference',
    subject: example((s, t) => sum(square(sub(s, t)), [1, 2]), measured),
  },
  {
    name: 'halves the squared error',
    caughtBy: 'reference',
    subject: example((s, t) => mul(squaredError(s, t), 0.5), measured),
  },
  {
    name: 'divides by the size of the batch minus one',
    caughtBy: 'batch-of-one',
    subject: relation((s, t) => mean(mul(squaredError(s, t), 1 / (s.shape[0] - 1)))),
  },
  {
    name: 'squeezes the axis of a single example',
    caughtBy: 'batch-of-one',
    subject: example((s, t) => squeeze(mean(square(sub(s, t)), [1, 2], true))),
  },
  {
    name: 'forgets a factor on one backend',
    caughtBy: 'backends-agree',
    subject: example((s, t) => mul(squaredError(s, t), getBackend() === 'wasm' ? 2 : 1)),
  },
  {
    name: 'takes the cross-entropy and promises zero at equality',
    caughtBy: 'zero-at-equality',
    subject: subjectOf({
      ...classes,
      claims: { atEquality: 'zero' },
      loss: ({ student, teacher }) => ({
        values: neg(sum(mul(softmax(teacher.logits), logSoftmax(student.logits)), 1)),
      }),
    }),
  },
  {
    name: 'is least at nine tenths of the teacher',
    caughtBy: 'minimum-at-equality',
    subject: example((s, t) => squaredError(s, mul(t, 0.9)), { atEquality: 'minimum' }),
  },
  {
    name: 'has the sign of a minimum wrong',
    caughtBy: 'minimum-at-equality',
    subject: example((s, t) => neg(squaredError(s, t)), { atEquality: 'minimum' }),
  },
  {
    name: 'relates each example to the next one',
    caughtBy: 'order',
    subject: relation((s, t) => {
      const difference = perExample(sub(s, t));
      const [size = 0] = difference.shape;
      return size < 2
        ? mul(sum(difference), 0)
        : mean(mul(slice(difference, [0], [size - 1]), slice(difference, [1], [size - 1])));
    }),
  },
  {
    name: 'divides by the largest value of the batch',
    caughtBy: 'examples-apart',
    subject: example((s, t) => mul(squaredError(s, t), sum(expandDims(max(t), 0)))),
  },
  {
    name: 'divides by the number of examples, those without weight included',
    caughtBy: 'uncounted-rows',
    subject: example((s, t) => mul(squaredError(s, t), scalar(1 / s.shape[0]))),
  },
];
