import type * as attention from '@kd/attention-transfer';
import type * as hints from '@kd/hint-regressor';
import type * as regression from '@kd/regression-loss';
import type * as similarity from '@kd/similarity-preserving';
import { euclideanDistance } from '@kd/attention-transfer';
import { squaredErrorLoss } from '@kd/regression-loss';
import { rowsToUnitLength } from '@kd/similarity-preserving';
import type { ValidCallsOf } from '../valid-call.js';
import { convNet, features, pair, scores } from './values.js';

const taps = { student: 'student_conv', teacher: 'teacher_conv', weight: 0.5, name: 'mine' };
const regressor = { kind: 'convolution', identityWhenEqual: true } as const;
const activated = { ...taps, ...regressor, activation: 'relu' } as const;

export const attentionTransfer: ValidCallsOf<typeof attention> = {
  attentionMap: () => [features(), { power: 2 }],
  attentionTransfer: () => [{ ...taps, power: 2, distance: euclideanDistance }],
  attentionTransferLoss: () => [features(), features(), { power: 2, distance: euclideanDistance }],
  euclideanDistance: pair,
  meanSquaredDifference: pair,
};

export const hintRegressor: ValidCallsOf<typeof hints> = {
  HintRegressor: () => [{ hintShape: [null, 4, 4, 2], activation: 'relu', seed: 1, name: 'r', ...regressor }],
  cosineHint: () => [activated],
  cosineHintLoss: () => [features(), features()],
  hint: () => [{ ...activated, reduction: 'mean' }],
  hintLoss: () => [features(), features(), { reduction: 'mean' }],
  hintRegressor: () => [
    [null, 6, 6, 2],
    [null, 4, 4, 2],
    { activation: 'relu', seed: 1, name: 'r', kind: 'resize', identityWhenEqual: true },
  ],
  normalizedHint: () => [activated],
  normalizedHintLoss: () => [features(), features()],
  sigmoidHint: () => [{ ...taps, ...regressor, reduction: 'mean' }],
  sigmoidHintLoss: () => [features(), features(), { reduction: 'mean' }],
  suggestTaps: () => [convNet('teacher'), convNet('student'), { count: 3 }],
  tanhHint: () => [{ ...taps, ...regressor, reduction: 'mean' }],
  tanhHintLoss: () => [features(), features(), { reduction: 'mean' }],
};

const valueTerm = { output: 'output', weight: 0.5, name: 'mine' };
const values = { ...valueTerm, loss: squaredErrorLoss };

export const regressionLoss: ValidCallsOf<typeof regression> = {
  absoluteErrorLoss: pair,
  huberLoss: () => [...pair(), { delta: 1 }],
  squaredErrorLoss: pair,
  teacherBounded: () => [{ ...valueTerm, target: 'labels', margin: 0.1 }],
  teacherBoundedLoss: () => [{ teacherValues: scores(), trueValues: scores() }, scores(), { margin: 0.1 }],
  valueMatching: () => [values],
  valueTarget: () => [{ ...values, target: 'labels' }],
};

export const similarityPreserving: ValidCallsOf<typeof similarity> = {
  rowsToUnitLength: () => [scores()],
  rowsToUnitSum: () => [scores()],
  similarityPreserving: () => [{ ...taps, normalize: rowsToUnitLength }],
  similarityPreservingLoss: () => [features(), features(), { normalize: rowsToUnitLength }],
};
