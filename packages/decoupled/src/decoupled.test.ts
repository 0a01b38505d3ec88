import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { cast, ones, reshape, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { decoupled, decoupledLoss } from './index.js';

interface Inputs {
  readonly student: Nested;
  readonly teacher: Nested;
  readonly labels: Nested;
}
const mdistiller = goldenFile('decoupled/dkd') as GoldenFile<
  { alpha: number; beta: number; T: number },
  Inputs
>;
const shapes = { student: { logits: [5] }, teacher: { logits: [5] } };

/** The definition of the paper, by probabilities, in float64. */
function reference(teacher: readonly number[], student: readonly number[], label: number): number {
  const [T, alpha, beta] = [4, 1, 8];
  const softmax = (logits: readonly number[]): number[] => {
    const powers = logits.map((z) => Math.exp(z / T));
    return powers.map((power) => power / powers.reduce((a, b) => a + b));
  };
  const divergence = (p: number[], q: number[]): number =>
    p.reduce((sum, x, at) => sum + x * Math.log(x / (q[at] ?? NaN)), 0);
  const binary = (z: readonly number[]): number[] => {
    const x = softmax(z)[label] ?? NaN;
    return [x, 1 - x];
  };
  const others = (z: readonly number[]): number[] => softmax(z.toSpliced(label, 1));
  const target = divergence(binary(teacher), binary(student));
  return T * T * (alpha * target + beta * divergence(others(teacher), others(student)));
}

describe.each(backends)('decoupled on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describeTerm('decoupled', decoupled, shapes, {
    options: {},
    variants: [{ alpha: 2 }, { beta: 1 }, { temperature: 2 }],
    atEquality: 'zero',
    constant: ['teacher.logits'],
    reference: ({ student, teacher, targets }) =>
      (teacher['logits'] as number[][]).map((row, at) =>
        reference(row, (student['logits'] as number[][])[at] ?? [], targets['labels']?.[at] as number),
      ),
    refuses: {
      alpha: [-1],
      beta: [Infinity],
      temperature: [0, -2],
      weight: [-1],
      name: [''],
      output: [''],
      target: [''],
    },
    refusesShapes: [{ student: { logits: [2] }, teacher: { logits: [2] } }],
  });

  describeGolden('mdistiller', mdistiller, {
    makeTerm: ({ alpha, beta, T }) => decoupled({ alpha, beta, temperature: T }),
    values: ({ student, teacher, labels }) => ({
      student: { logits: student },
      teacher: { logits: teacher },
      targets: { labels },
    }),
  });

  it('has one value for each position of a sequence, and takes ids as float32', async () => {
    const [t, s, y] = [
      [4, 1, 0, -2],
      [2, 0, 1, 1],
      [0, 3],
    ] as const;
    const rows = (one: readonly number[]): Tensor => tensor2d([[...one], [...one]]);
    const loss = decoupledLoss(rows(t), rows(s), tensor1d([...y]));
    expectClose(
      await loss.data(),
      y.map((label) => reference(t, s, label)),
      { relative: 1e-5, absolute: 0 },
    );
    const sequence = decoupledLoss(
      reshape(rows(t), [1, 2, 4]),
      reshape(rows(s), [1, 2, 4]),
      reshape(tensor1d([...y]), [1, 2]),
    );
    expect(sequence.shape).toEqual([1, 2]);
  });
});

describe('decoupledLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const z = (classes = 3): Tensor => ones([2, classes]);
  const ids = (): Tensor => tensor1d([0, 1], 'int32');
  itRefuses(
    [
      ['two classes', () => [z(2), z(2), ids()], 'KD_TENSOR_SHAPE', 'N >= 3'],
      ['other classes', () => [z(4), z(3), ids()], 'KD_CLASSES_MISMATCH'],
      ['one-hot labels', () => [z(), z(), z()], 'KD_TENSOR_SHAPE', 'labels'],
      ['labels of another type', () => [z(), z(), cast(ids(), 'bool')], 'KD_TENSOR_DTYPE', 'labels'],
      ['a negative weight', () => [z(), z(), ids(), { alpha: -1 }], 'KD_OPTION_RANGE', 'options.alpha'],
      ['an unknown option', () => [z(), z(), ids(), { T: 1 }], 'KD_OPTION_UNKNOWN', 'options.T'],
    ],
    (given: Parameters<typeof decoupledLoss>) => decoupledLoss(...given),
    'decoupledLoss',
  );
});
