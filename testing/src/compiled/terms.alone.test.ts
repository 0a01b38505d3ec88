// Every term of ours in steps of one call, compared with steps operation by operation, to the bit.
import { attentionTransfer, meanSquaredDifference } from '@kd/attention-transfer';
import type { Convention, Term } from '@kd/core';
import { cosineHint, hint, normalizedHint, sigmoidHint, tanhHint } from '@kd/hint-regressor';
import { stepFunctions } from '@kd/core';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import {
  absoluteErrorLoss,
  huberLoss,
  teacherBounded,
  valueMatching,
  valueTarget,
} from '@kd/regression-loss';
import { rowsToUnitSum, similarityPreserving } from '@kd/similarity-preserving';
import * as soft from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { train } from '@kd/trainer';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bothWays, expectSame, weightsOf } from './both-ways.js';
import { batchSize, classes, dataOf, examples, mapNet, numbersOf } from './small.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

interface Case {
  readonly name: string;
  readonly term: () => Term;
  /** Of the teacher's output; default: logits. */
  readonly convention?: Convention;
}

const taps = { student: 'guided', teacher: 'hinted' };
const T = { temperature: 3 };
const ofClasses: Case[] = [
  { name: 'softTarget', term: () => soft.softTarget(T) },
  { name: 'softTarget without T²', term: () => soft.softTarget({ ...T, scaleByTemperatureSquared: false }) },
  { name: 'softTarget of probabilities', term: () => soft.softTarget(T), convention: 'probabilities' },
  { name: 'reverseSoftTarget', term: () => soft.reverseSoftTarget(T) },
  { name: 'jensenShannon', term: () => soft.jensenShannon({ ...T, beta: 0.3 }) },
  { name: 'skewSoftTarget', term: () => soft.skewSoftTarget(T) },
  { name: 'skewReverseSoftTarget', term: () => soft.skewReverseSoftTarget({ ...T, alpha: 0.3 }) },
  { name: 'logitMatching', term: () => soft.logitMatching() },
  { name: 'hardTarget', term: () => soft.hardTarget({ labelSmoothing: 0.1, classWeight: [1, 2, 0.5] }) },
  { name: 'hardTargetFromDistributions', term: () => soft.hardTargetFromDistributions({ target: 'shares' }) },
  { name: 'sigmoidSoftTarget', term: () => soft.sigmoidSoftTarget(T), convention: 'sigmoid-logits' },
  {
    name: 'sigmoidHardTarget',
    term: () => soft.sigmoidHardTarget({ target: 'shares' }),
    convention: 'sigmoid-logits',
  },
];
const ofValues: Case[] = [
  { name: 'valueMatching', term: () => valueMatching(), convention: 'values' },
  {
    name: 'valueTarget with huberLoss',
    term: () => valueTarget({ loss: huberLoss, target: 'shares' }),
    convention: 'values',
  },
  {
    name: 'valueTarget with absoluteErrorLoss',
    term: () => valueTarget({ loss: absoluteErrorLoss, target: 'shares' }),
    convention: 'values',
  },
  { name: 'teacherBounded', term: () => teacherBounded({ target: 'shares' }), convention: 'values' },
];
const ofTaps: Case[] = [
  { name: 'hint', term: () => hint(taps) },
  {
    name: 'hint by transposed convolution',
    term: () => hint({ ...taps, kind: 'transposed', reduction: 'mean' }),
  },
  { name: 'hint with a resize', term: () => hint({ ...taps, kind: 'resize' }) },
  { name: 'normalizedHint', term: () => normalizedHint(taps) },
  { name: 'cosineHint', term: () => cosineHint(taps) },
  { name: 'tanhHint', term: () => tanhHint(taps) },
  {
    name: 'sigmoidHint',
    term: () => sigmoidHint({ ...taps, teacher: 'logits', student: 'logits' }),
    convention: 'sigmoid-probabilities',
  },
  { name: 'attentionTransfer', term: () => attentionTransfer(taps) },
  {
    name: 'attentionTransfer, means',
    term: () => attentionTransfer({ ...taps, distance: meanSquaredDifference }),
  },
  { name: 'similarityPreserving', term: () => similarityPreserving(taps) },
  {
    name: 'similarityPreserving, sums',
    term: () => similarityPreserving({ ...taps, normalize: rowsToUnitSum }),
  },
];

const shares = numbersOf([classes], 4).map((x) => (x + 1) / 2);
const sums = Array.from({ length: examples }, (_, row) =>
  shares.slice(row * classes, (row + 1) * classes).reduce((a, b) => a + b, 0),
);
const distributions = shares.map((x, at) => x / (sums[Math.floor(at / classes)] ?? 1));
const epochs = 4;
/** Reaches all weights of a student of classes. */
const ofLabels = (): Term => soft.hardTarget({ name: 'labels', weight: 0.1 });

describe.skipIf(!isInstalled)('a term in steps of one call', () => {
  beforeAll(() => setBackend('tensorflow'));

  it.each([...ofClasses, ...ofValues, ...ofTaps])(
    'has the bits of eager steps: $name',
    async ({ term, convention = 'logits' }) => {
      const isAsked = Object.keys(term().reads.teacher ?? {}).length > 0;
      const both = await bothWays(async (way) => {
        const model = mapNet('guided', 3);
        const squashing = convention.includes('probabilities') ? 'sigmoid' : undefined;
        const teacher = mapNet('hinted', 4, 5, convention === 'probabilities' ? 'softmax' : squashing);
        const given = convention === 'sigmoid-probabilities' ? 'sigmoid-logits' : convention;
        const recipe = defineRecipe({
          student: { model, convention: convention === 'probabilities' ? 'logits' : given },
          ...(isAsked ? { teacher: layersTeacher(teacher, { convention }) } : {}),
          // A hint does not reach the last layer.
          terms: [term(), ...(given === 'logits' ? [ofLabels(), soft.accuracy()] : [])],
        });
        const data = {
          ...dataOf([4, 4, 2]),
          targets: { shares: { values: distributions, shape: [examples, classes] } },
        };
        const optimizer = (): ReturnType<typeof adam> => adam({ learningRate: 0.01 });
        await train(recipe, { ...way, data, epochs, batchSize, optimizer });
        return weightsOf(model, teacher);
      });
      // Of three steps in an epoch, one is on a smaller batch. The first two of a kind are written down.
      const [gradients, answers, updates] = [2 * epochs - 2 + epochs - 2, isAsked ? 8 : 0, 3 * epochs - 2];
      expectSame(both, gradients + answers + updates);
      expect(both.compiled.numbers).toHaveLength(4 * epochs + 1);
    },
  );
});
