import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { checks } from '@kd/conformance';
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested, Subject } from '@kd/conformance';
import { backends, expectClose, features, goldenFile, itRefuses, termBatch, useBackend } from '@kd/testing';
import { clone, concat, mul, ones, tensor2d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { featureQueue, featureQueueLoss } from './index.js';
import { enqueue, queueModule } from './queue.js';
import type { Queue } from './queue.js';

const taps = { student: 'a', teacher: 'b', name: 'queue' };
const shapes = { student: { features: [2, 3] }, teacher: { features: [4] } };
const claims = {
  options: { ...taps, size: 8, temperature: 0.2 },
  variants: [{ temperature: 0.5 }],
  constant: ['teacher.features'],
  relatesExamples: true,
  refuses: {
    size: [0, 1.5],
    temperature: [0, 1e-4, Infinity],
    weight: [-1],
    name: [''],
    student: [undefined],
    teacher: [undefined],
  },
  refusesShapes: [{ ...shapes, student: { features: [] } }],
};
type Inputs = Record<'student' | 'teacher' | 'queue' | 'kernel' | 'bias', Nested>;
const lightly = goldenFile('feature-queue/feature_queue') as GoldenFile<
  { readonly temperature: number; readonly size: number },
  Inputs
>;

/** A queue of two numbers. */
function queueOf(size: number): Queue {
  const places = { student: { features: 'a' }, teacher: { features: 'b' } };
  const info = { features: { shape: [null, 2] } };
  return queueModule('queue', places, size).build({
    student: info,
    teacher: info,
    datasetSize: undefined,
    seed: 1,
  });
}

describe.each(backends)('featureQueue on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm('featureQueue', featureQueue, shapes, claims);

  it('ignores examples of weight 0, although it relates examples', () =>
    checks
      .find(({ name }) => name === 'uncounted-rows')
      ?.run({ makeTerm: featureQueue, shapes, claims } as unknown as Subject));

  describeGolden('lightly-train', lightly, {
    makeTerm: (params) => featureQueue({ ...taps, ...params }),
    values: ({ student, teacher }) => ({ student: { features: student }, teacher: { features: teacher } }),
    weights: ({ queue, kernel, bias }) => ({
      'queue/queue': queue,
      'queue/kernel': kernel,
      'queue/bias': bias,
    }),
    namesOfGradients: { 'queue/kernel': 'kernel', 'queue/bias': 'bias' },
  });

  it('replaces the oldest, in the order of the batches', async () => {
    const queue = queueOf(5);
    const copy = clone(queue.queue);
    const batch = (...values: number[]): Tensor => tensor2d(values.map((value) => [value, value]));
    const first = async (): Promise<number[]> => ((await queue.queue.array()) as number[][]).map(([x = NaN]) => x);
    for (const [values, expected] of [
      [[1, 2, 3], [1, 2, 3, 0, 0]],
      [[4, 5, 6], [6, 2, 3, 4, 5]],
      [[7], [6, 7, 3, 4, 5]],
      // More than it holds: the last ones.
      [[8, 9, 10, 11, 12, 13, 14], [11, 12, 13, 14, 10]],
      [[15], [11, 12, 13, 14, 15]],
    ] as const) {
      enqueue(queue, batch(...values));
      expect(await first()).toEqual(expected);
    }
    expect(Array.from(await copy.data())).toEqual(Array(10).fill(0));
  }); // prettier-ignore

  it('puts the features of the teacher into the queue after a step, with length 1', async () => {
    const [term, queue] = [featureQueue(taps), queueOf(3)];
    const modules = { queue: { ...queue } };
    const given = { features: tensor2d([3, 4, 0, 0], [2, 2]) };
    const { carry = {} } = term.loss(termBatch(term, { student: given, teacher: given, modules }));
    expect(await queue.queue.array()).toEqual([[0, 0], [0, 0], [0, 0]]);
    term.afterStep?.({ modules, carry });
    expectClose(await queue.queue.data(), [0.6, 0.8, 0, 0, 0, 0], { relative: 1e-6, absolute: 0 });
    expect(await queue.position.data()).toEqual(Float32Array.of(2));
  }); // prettier-ignore

  it('is zero for equal features of any scale, and ignores empty places', async () => {
    const [teacher, student, queue] = [features([3, 4], 1), features([3, 4], 2), features([6, 4], 3)];
    const zero = await featureQueueLoss(teacher, mul(teacher, 1e12), queue).data();
    expectClose(zero, [0, 0, 0], { relative: 0, absolute: 1e-5 });
    const expected = await featureQueueLoss(teacher, student, queue).array();
    const withEmpty = featureQueueLoss(teacher, student, concat([queue, zeros([3, 4])], 0));
    expectClose(await withEmpty.data(), expected, { relative: 1e-6, absolute: 1e-7 });
    const none = await featureQueueLoss(teacher, student, zeros([3, 4])).data();
    expectClose(none, [0, 0, 0], { relative: 0, absolute: 1e-6 });
  });
});

describe('featureQueueLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const x = (): Tensor => ones([2, 3]);
  itRefuses(
    [
      ['maps', () => [ones([2, 1, 3]), x(), x()], 'KD_TENSOR_SHAPE', 'teacherFeatures'],
      ['other lengths', () => [x(), ones([2, 4]), x()], 'KD_TENSOR_SHAPE', 'studentFeatures'],
      ['a queue of other features', () => [x(), x(), ones([5, 4])], 'KD_TENSOR_SHAPE', 'queue', '[5,3]'],
      ['no queue', () => [x(), x(), zeros([0, 3])], 'KD_BATCH_EMPTY', 'queue'],
      ['a temperature of 0', () => [x(), x(), x(), { temperature: 0 }], 'KD_OPTION_RANGE', 'temperature'],
    ],
    (given: Parameters<typeof featureQueueLoss>) => featureQueueLoss(...given),
    'featureQueueLoss',
  );
});
