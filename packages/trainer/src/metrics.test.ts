import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { sigmoid, softmax, tensor1d, tensor2d, tensor3d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Convention } from '@kd/core';
import { describe, expect, it } from 'vitest';
import { values } from '../test/small.js';
import { classificationMetrics } from './index.js';

await useBackend('cpu');

const tolerance = { relative: 1e-5, absolute: 1e-6 };
const measured = (
  output: Tensor,
  convention: Convention,
  batch: Partial<Batch>,
): { loss: number[]; accuracy: number[] } =>
  tidy(() => {
    const { loss, accuracy } = classificationMetrics({ output, convention }, { inputs: {}, ...batch });
    expect([loss?.dtype, accuracy?.dtype]).toEqual(['float32', 'float32']);
    return { loss: values(loss), accuracy: values(accuracy) };
  });

const logits = [
  [3, 1, 0.5],
  [0, 0, 2],
  [-1, 4, 4.5],
];
const crossEntropy = (row: readonly number[], truth: readonly number[]): number => {
  const sum = row.reduce((total, z) => total + Math.exp(z), 0);
  return row.reduce((total, z, id) => total - (truth[id] ?? 0) * (z - Math.log(sum)), 0);
};
const oneHot = (id: number): number[] => [0, 1, 2].map((other) => Number(other === id));

describe('classificationMetrics', () => {
  const ids = [0, 1, 2];
  const expected = {
    loss: logits.map((row, at) => crossEntropy(row, oneHot(ids[at] ?? 0))),
    accuracy: [1, 0, 1],
  };

  it.each<[string, Tensor]>([
    ['class ids', tensor1d(ids, 'int32')],
    ['class ids as floats', tensor1d(ids)],
    ['class ids in a column', tensor2d(ids, [3, 1], 'int32')],
    ['one-hot labels', tensor2d(ids.map(oneHot))],
    ['one-hot labels of whole numbers', tensor2d(ids.map(oneHot), [3, 3], 'int32')],
  ])('measures logits by %s', (_, labels) => {
    const { loss, accuracy } = measured(tensor2d(logits), 'logits', { targets: { labels } });
    expectClose(loss, expected.loss, tolerance);
    expect(accuracy).toEqual(expected.accuracy);
  });

  it('measures probabilities, including a softmax of zero', () => {
    const probabilities = softmax(tensor2d(logits)) as Tensor;
    const { loss, accuracy } = measured(probabilities, 'probabilities', {
      targets: { labels: tensor1d(ids, 'int32') },
    });
    expectClose(loss, expected.loss, { relative: 1e-5, absolute: 1e-5 });
    expect(accuracy).toEqual(expected.accuracy);
    const certain = measured(tensor2d([[1, 0]]), 'probabilities', {
      targets: { labels: tensor1d([0], 'int32') },
    });
    expectClose([...certain.loss, ...certain.accuracy], [0, 1], { relative: 0, absolute: 0 });
  });

  it('measures against distributions: the most probable class is the true one', () => {
    const labels = [
      [0.6, 0.3, 0.1],
      [0.2, 0.5, 0.3],
      [0, 0.1, 0.9],
    ];
    const { loss, accuracy } = measured(tensor2d(logits), 'logits', {
      targets: { labels: tensor2d(labels) },
    });
    expectClose(
      loss,
      logits.map((row, at) => crossEntropy(row, labels[at] ?? [])),
      tolerance,
    );
    expect(accuracy).toEqual([1, 0, 1]);
  });

  it('averages independent labels over the labels', () => {
    const z = [
      [2, -1],
      [0.5, 3],
    ];
    const y = [
      [1, 0],
      [0, 1],
    ];
    const expectedLoss = z.map((row, at) =>
      row.reduce(
        (sum, each, label) => sum + Math.log1p(Math.exp(y[at]?.[label] === 1 ? -each : each)) / 2,
        0,
      ),
    );
    for (const labels of [tensor2d(y), tensor2d(y, [2, 2], 'int32')]) {
      const ofLogits = measured(tensor2d(z), 'sigmoid-logits', { targets: { labels } });
      const ofProbabilities = measured(sigmoid(tensor2d(z)), 'sigmoid-probabilities', {
        targets: { labels },
      });
      for (const { loss, accuracy } of [ofLogits, ofProbabilities]) {
        expectClose(loss, expectedLoss, tolerance);
        expect(accuracy).toEqual([1, 0.5]);
      }
    }
  });

  it('measures each position of a sequence, which the trainer averages by its mask', () => {
    const output = tensor3d([
      logits,
      [
        [9, 9, 9],
        [0, 5, 0],
        [1, 1, 0],
      ],
    ]);
    const labels = tensor2d([0, 1, 2, 0, 1, 0], [2, 3], 'int32');
    const { loss, accuracy } = measured(output, 'logits', { targets: { labels } });
    const others = [
      crossEntropy([9, 9, 9], oneHot(0)),
      crossEntropy([0, 5, 0], oneHot(1)),
      crossEntropy([1, 1, 0], oneHot(0)),
    ];
    expectClose(loss, [...expected.loss, ...others], tolerance);
    expect(accuracy).toEqual([...expected.accuracy, 1, 1, 1]);
  });

  it('averages the independent labels of a position over the labels', () => {
    const output = tensor3d([5, 5, 5, -5, -5, -5], [1, 3, 2]);
    const labels = tensor3d([1, 1, 1, 1, 1, 1], [1, 3, 2]);
    expect(measured(output, 'sigmoid-logits', { targets: { labels } }).accuracy).toEqual([1, 0.5, 0]);
  });

  it('needs labels in the form of the output', async () => {
    const output = tensor2d(logits);
    const measuring = (batch: Partial<Batch>) => () => measured(output, 'logits', batch);
    await expectKdError(measuring({}), 'KD_TERM_NEEDS', 'validation', 'batch.targets.labels', 'undefined');
    await expectKdError(measuring({ targets: { depth: output } }), 'KD_TERM_NEEDS', 'batch.targets.labels');
    await expectKdError(measuring({ targets: { labels: tensor1d([0]) } }), 'KD_TENSOR_SHAPE', 'labels');
  });

  it('leaks nothing, and returns only its two results', async () => {
    const output = tensor2d(logits);
    const labels = tensor1d(ids, 'int32');
    await expectNoLeak(() => {
      measured(output, 'logits', { targets: { labels } });
    });
  });
});
