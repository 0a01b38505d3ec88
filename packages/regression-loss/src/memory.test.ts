// Every public function cleans up after itself, outside tf.tidy and under the tape.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectNoLeakOfLoss, lossOf, useBackend } from '@kd/testing';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { valuesOf } from '../test/losses.js';
import * as api from './index.js';

const given = () => [valuesOf([2, 3], 1), valuesOf([2, 3], 2)] as const;
const losses: Readonly<Record<string, (teacher: Tensor, student: Tensor) => Tensor>> = {
  squaredErrorLoss: api.squaredErrorLoss,
  absoluteErrorLoss: api.absoluteErrorLoss,
  huberLoss: (t, s) => api.huberLoss(t, s, { delta: 0.5 }),
  teacherBoundedLoss: (t, s) => api.teacherBoundedLoss({ teacherValues: t, trueValues: t }, s, { margin: 1 }),
  valueMatching: (t, s) =>
    lossOf(api.valueMatching(), { student: { values: s }, teacher: { values: t } }).values,
  valueTarget: (t, s) => lossOf(api.valueTarget(), { student: { values: s }, targets: { values: t } }).values,
  teacherBounded: (t, s) =>
    lossOf(api.teacherBounded(), {
      student: { values: s },
      teacher: { values: t },
      targets: { values: t },
    }).values,
};

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(Object.entries(losses))('%s leaks no tensor', async (_name, loss) => {
    await expectNoLeakOfLoss(given, loss);
  });
});

it('covers every function', () => {
  expect(Object.keys(losses)).toEqual(expect.arrayContaining(Object.keys(api)));
});
