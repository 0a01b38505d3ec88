import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Convention, Term } from '@kd/core';
import { backends, expectClose, numbersOf, termBatch, useBackend, weightedSum } from '@kd/testing';
import { grad, sigmoid, softmax, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { hardTargetLoss, hardTargetLossFromDistributions } from '../hard-target-loss.js';
import { sigmoidHardTargetLoss } from '../sigmoid-hard-target-loss.js';
import { hardTarget, hardTargetFromDistributions, sigmoidHardTarget } from './hard-target.js';

const z = () => tensor2d([[3, 1, 0.5], [1, -2, 2.5]]); // prettier-ignore
const ids = () => tensor1d([2, 0], 'int32');
const distributions = () => tensor2d([[0, 0.25, 0.75], [1, 0, 0]]); // prettier-ignore
const independent = () => tensor2d([[1, 0, 0.5], [1, 1, 0]]); // prettier-ignore
const smoothing = { labelSmoothing: 0.1 };

const table: readonly [
  name: string,
  term: Term,
  labels: () => Tensor,
  loss: (labels: Tensor, logits: Tensor) => Tensor,
  conventions: readonly [logits: Convention, probabilities: Convention],
][] = [
  ['hardTarget', hardTarget(), ids, (y, x) => hardTargetLoss(y, x), ['logits', 'probabilities']],
  [
    'hardTarget with smoothing',
    hardTarget(smoothing),
    ids,
    (y, x) => hardTargetLoss(y, x, smoothing),
    ['logits', 'probabilities'],
  ],
  [
    'hardTargetFromDistributions',
    hardTargetFromDistributions(smoothing),
    distributions,
    (y, x) => hardTargetLossFromDistributions(y, x, smoothing),
    ['logits', 'probabilities'],
  ],
  [
    'sigmoidHardTarget',
    sigmoidHardTarget(),
    independent,
    sigmoidHardTargetLoss,
    ['sigmoid-logits', 'sigmoid-probabilities'],
  ],
];

/** Labels of the same kind with an additional row of nonsense. */
const withNonsense = (): Readonly<Record<string, Tensor[]>> => ({
  hardTarget: [tensor1d([2, 0, -1], 'int32'), tensor1d([2, 0, NaN]), tensor2d([[2], [0], [99]])],
  'hardTarget with smoothing': [tensor1d([2, 0, -1], 'int32'), tensor1d([2, 0, NaN])],
  hardTargetFromDistributions: [
    tensor2d([[0, 0.25, 0.75], [1, 0, 0], [NaN, NaN, NaN]]), // prettier-ignore
    tensor2d([[0, 0.25, 0.75], [1, 0, 0], [-1, 5, 0]]), // prettier-ignore
  ],
  sigmoidHardTarget: [tensor2d([[1, 0, 0.5], [1, 1, 0], [NaN, -1, Infinity]])], // prettier-ignore
});

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  describe.each(table)('%s', (name, term, labels, loss, conventions) => {
    it.each(conventions)('from %s is the loss of the logits at T = 1', async (convention) => {
      const outputOf = (x: Tensor): Tensor => {
        if (convention === 'probabilities') return softmax(x);
        return convention === 'sigmoid-probabilities' ? sigmoid(x) : x;
      };
      const at = (x: Tensor) =>
        term.loss(termBatch({ student: outputOf(x), convention, batch: { targets: { labels: labels() } } }));
      const result = await numbersOf(at(z()));
      expectClose(result.values, await loss(labels(), z()).array(), { relative: 1e-5, absolute: 0 });
      expect(result.weights).toBeUndefined();
      const gradient = grad((x: Tensor) => weightedSum(at(x)))(z());
      const expected = await grad((x: Tensor) => loss(labels(), x))(z()).array();
      expectClose(await gradient.data(), expected, { relative: 1e-4, absolute: 1e-6 });
    });

    it('ignores rows without a label, whatever they hold', async () => {
      const student = tensor2d([[3, 1, 0.5], [1, -2, 2.5], [7, 7, 7]]); // prettier-ignore
      const labelled = tensor1d([1, 1, 0]);
      const convention = conventions[0];
      const expected = await loss(labels(), z()).array();
      const itsGradient = [...(await grad((x: Tensor) => loss(labels(), x))(z()).data()), 0, 0, 0];
      for (const given of withNonsense()[name] ?? []) {
        const at = (x: Tensor) =>
          term.loss(termBatch({ student: x, convention, batch: { targets: { labels: given }, labelled } }));
        const { values, weights } = await numbersOf(at(student));
        expectClose(values.slice(0, 2), expected, { relative: 1e-6, absolute: 0 });
        expect(Number.isFinite(values[2])).toBe(true);
        expect(weights).toEqual([1, 1, 0]);
        const gradient = await grad((x: Tensor) => weightedSum(at(x)))(student).data();
        expectClose(gradient, itsGradient, { relative: 1e-6, absolute: 1e-7 });
      }
    });
  });
});

describe('a hard term', () => {
  beforeAll(() => useBackend('cpu'));

  it('describes itself', () => {
    expect(hardTarget()).toMatchObject({
      apiVersion: 1,
      name: 'hard',
      weight: 1,
      reduces: 'example',
      needs: ['targets'],
    });
    const weight = () => 0.5;
    for (const each of [hardTarget, hardTargetFromDistributions, sigmoidHardTarget])
      expect(each({ name: 'true', weight })).toMatchObject({ name: 'true', weight });
  });

  it('takes its labels from the given target', async () => {
    const targets = { labels: tensor1d([0, 0], 'int32'), fine: ids() };
    const { values } = await numbersOf(
      hardTarget({ target: 'fine' }).loss(termBatch({ student: z(), batch: { targets } })),
    );
    expectClose(values, await hardTargetLoss(ids(), z()).array(), { relative: 0, absolute: 0 });
  });
});
