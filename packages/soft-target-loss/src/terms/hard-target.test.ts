import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Term, TermLoss } from '@kd/core';
import {
  backends,
  expectClose,
  expectKdError,
  lossOf,
  numbersOf,
  useBackend,
  weightedSum,
} from '@kd/testing';
import { grad, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
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
][] = [
  ['hardTarget', hardTarget(), ids, (y, x) => hardTargetLoss(y, x)],
  ['hardTarget with smoothing', hardTarget(smoothing), ids, (y, x) => hardTargetLoss(y, x, smoothing)],
  [
    'hardTargetFromDistributions',
    hardTargetFromDistributions(smoothing),
    distributions,
    (y, x) => hardTargetLossFromDistributions(y, x, smoothing),
  ],
  ['sigmoidHardTarget', sigmoidHardTarget(), independent, sigmoidHardTargetLoss],
];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(table)('%s is the loss of the logits at T = 1', async (_name, term, labels, loss) => {
    const at = (x: Tensor): TermLoss =>
      lossOf(term, { student: { logits: x }, targets: { labels: labels() } });
    const { values, weights } = await numbersOf(at(z()));
    expectClose(values, await loss(labels(), z()).array(), { relative: 0, absolute: 0 });
    expect(weights).toBeUndefined();
    const gradient = grad((x: Tensor) => weightedSum(at(x)))(z());
    const expected = await grad((x: Tensor) => loss(labels(), x))(z()).array();
    expectClose(await gradient.data(), expected, { relative: 0, absolute: 0 });
  });

  it('weighs each example by its class', async () => {
    const term = hardTarget({ classWeight: [0.5, 7, 3] });
    const { weights } = await numbersOf(
      lossOf(term, { student: { logits: z() }, targets: { labels: ids() } }),
    );
    expect(weights).toEqual([3, 0.5]);
  });
});

describe('class weights', () => {
  it.each<[weights: unknown, code: string, ...facts: string[]]>([
    [[1, -1], 'KD_OPTION_RANGE', 'options.classWeight[1]', '-1'],
    [[1, NaN], 'KD_OPTION_RANGE', 'options.classWeight[1]', 'NaN'],
    [[0, 0], 'KD_OPTION_RANGE', 'options.classWeight'],
    [{ 0: 1, 1: 9 }, 'KD_OPTION_TYPE', 'options.classWeight'],
  ])('refuse %j', async (classWeight, code, ...facts) => {
    await expectKdError(() => hardTarget({ classWeight: classWeight as number[] }), code, ...facts);
  });

  it('are as many as the classes of the student', async () => {
    const infos = { student: { logits: { shape: [null, 3] } }, teacher: {}, datasetSize: undefined };
    const check = (classWeight: number[]) => () => hardTarget({ classWeight }).check?.(infos);
    expect(check([1, 2, 3])).not.toThrow();
    await expectKdError(check([1, 2]), 'KD_CLASSES_MISMATCH', 'options.classWeight', '3 numbers', '2');
  });
});

describe('a hard term', () => {
  it('describes itself', () => {
    expect(hardTarget()).toMatchObject({ apiVersion: 1, name: 'hard', weight: 1, reduces: 'example' });
    const weight = () => 0.5;
    for (const each of [hardTarget, hardTargetFromDistributions, sigmoidHardTarget])
      expect(each({ name: 'true', weight })).toMatchObject({ name: 'true', weight });
  });
});
