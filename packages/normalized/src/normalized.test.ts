import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeGolden, describeTerm } from '@kd/conformance/vitest';
import type { GoldenFile, Nested } from '@kd/conformance';
import { backends, expectClose, goldenFile, itRefuses, useBackend } from '@kd/testing';
import { cast, grad, ones, reshape, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { normalized, normalizedLoss } from './index.js';

interface Inputs {
  readonly student: Nested;
  readonly teacher: Nested;
  readonly labels: Nested;
}
const authors = goldenFile('normalized/nkd') as GoldenFile<{ gamma: number; T: number }, Inputs>;
const shapesOf = (classes: number) => ({ student: { logits: [classes] }, teacher: { logits: [classes] } });

/** The definition of the paper, by probabilities, in float64. */
function reference(teacher: readonly number[], student: readonly number[], label: number, T: number): number {
  const softmax = (logits: readonly number[]): number[] => {
    const powers = logits.map((z) => Math.exp(z));
    return powers.map((power) => power / powers.reduce((a, b) => a + b));
  };
  const crossEntropy = (p: number[], q: number[]): number =>
    p.reduce((sum, x, at) => sum - x * Math.log(q[at] ?? NaN), 0);
  const target = (z: readonly number[]): number[] => [softmax(z)[label] ?? NaN];
  const others = (z: readonly number[]): number[] => softmax(z.toSpliced(label, 1).map((x) => x / T));
  const among = crossEntropy(others(teacher), others(student));
  return crossEntropy(target(teacher), target(student)) + 1.5 * T * T * among;
}

describe.each(backends)('normalized on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  // Not minimal where student and teacher are equal: the target's part falls until the student is certain.
  describeTerm('normalized', normalized, shapesOf(5), {
    options: { temperature: 3 },
    variants: [{ gamma: 2 }, { temperature: 2 }],
    constant: ['teacher.logits'],
    reference: ({ student, teacher, targets }) =>
      (teacher['logits'] as number[][]).map((row, at) =>
        reference(row, (student['logits'] as number[][])[at] ?? [], targets['labels']?.[at] as number, 3),
      ),
    refuses: {
      gamma: [-1],
      temperature: [0, -1],
      weight: [-1],
      name: [''],
      output: [''],
      target: [''],
    },
  });

  describeTerm('normalized, two classes', normalized, shapesOf(2), {
    options: {},
    constant: ['teacher.logits'],
    reference: ({ student, teacher, targets }) =>
      (teacher['logits'] as number[][]).map((row, at) =>
        reference(row, (student['logits'] as number[][])[at] ?? [], targets['labels']?.[at] as number, 1),
      ),
  });

  describeGolden('authors', authors, {
    makeTerm: ({ gamma, T }) => normalized({ gamma, temperature: T }),
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
    const loss = normalizedLoss(rows(t), rows(s), tensor1d([...y]));
    expectClose(
      await loss.data(),
      y.map((label) => reference(t, s, label, 1)),
      { relative: 1e-5, absolute: 0 },
    );
    const sequence = normalizedLoss(
      reshape(rows(t), [1, 2, 4]),
      reshape(rows(s), [1, 2, 4]),
      reshape(tensor1d([...y]), [1, 2]),
    );
    expect(sequence.shape).toEqual([1, 2]);
  });

  it('keeps the digits of a student that is nearly certain', async () => {
    const [teacher, student, labels] = [tensor2d([[1, 0, 0]]), tensor2d([[20, 0, 0]]), tensor1d([0])];
    const loss = (z: Tensor): Tensor => normalizedLoss(teacher, z, labels, { gamma: 0 });
    // -log p = log(1 + 2 exp(-20)), times the teacher's share e / (e + 2).
    const expected = (Math.E / (Math.E + 2)) * Math.log1p(2 * Math.exp(-20));
    expectClose(await loss(student).data(), [expected], { relative: 1e-5, absolute: 0 });
    const slopes = [-expected, expected / 2, expected / 2];
    expectClose(await grad(loss)(student).data(), slopes, { relative: 1e-5, absolute: 0 });
  });
});

describe('normalizedLoss refuses', () => {
  beforeAll(() => useBackend('cpu'));
  const z = (classes = 3): Tensor => ones([2, classes]);
  const ids = (): Tensor => tensor1d([0, 1], 'int32');
  itRefuses(
    [
      ['one class', () => [z(1), z(1), ids()], 'KD_TENSOR_SHAPE', 'N >= 2'],
      ['other classes', () => [z(4), z(3), ids()], 'KD_CLASSES_MISMATCH'],
      ['one-hot labels', () => [z(), z(), z()], 'KD_TENSOR_SHAPE', 'labels'],
      ['labels of another type', () => [z(), z(), cast(ids(), 'bool')], 'KD_TENSOR_DTYPE', 'labels'],
      ['a negative weight', () => [z(), z(), ids(), { gamma: -1 }], 'KD_OPTION_RANGE', 'options.gamma'],
      ['an unknown option', () => [z(), z(), ids(), { T: 1 }], 'KD_OPTION_UNKNOWN', 'options.T'],
    ],
    (given: Parameters<typeof normalizedLoss>) => normalizedLoss(...given),
    'normalizedLoss',
  );
});
