import type * as losses from '@kd/soft-target-loss';
import { geometricMean, softTargetLoss as plainLoss } from '@kd/soft-target-loss';
import { fill, tensor, tidy } from '@tensorflow/tfjs-core';
import type { ValidCallsOf } from '../valid-call.js';
import { classIds, pair, scores } from './values.js';

const soft = { temperature: 2, scaleByTemperatureSquared: true };
const term = { output: 'output', weight: 0.5, name: 'mine' };
const softTerm = { ...soft, ...term, mix: geometricMean };
const distillation = { ...soft, softWeight: 0.5, labelSmoothing: 0.1 };
const mixed = { temperature: 2, weights: [0.25, 0.75] };

export const softTargetLoss: ValidCallsOf<typeof losses> = {
  accuracy: () => [{ name: 'mine', output: 'output', target: 'labels' }],
  arithmeticMean: () => [pair(), mixed],
  distillationLoss: () => [{ teacherLogits: scores(), labels: classIds() }, scores(), distillation],
  forCompile: {
    args: () => [plainLoss as never, soft],
    checked: [0],
    use: (loss) => tidy(() => loss(...pair())),
  },
  geometricMean: () => [pair(), mixed],
  hardTarget: () => [{ ...term, target: 'labels', labelSmoothing: 0.1, classWeight: [1, 2] }],
  hardTargetFromDistributions: () => [{ ...term, target: 'labels', labelSmoothing: 0.1 }],
  hardTargetLoss: () => [classIds(), scores(), { labelSmoothing: 0.1 }],
  hardTargetLossFromDistributions: () => [...pair(), { labelSmoothing: 0.1 }],
  jensenShannon: () => [{ ...softTerm, beta: 0.5 }],
  jensenShannonLoss: () => [...pair(), { ...soft, beta: 0.5 }],
  logitMatching: () => [term],
  logitMatchingLoss: pair,
  logitsFromProbabilities: () => [scores()],
  logitsOfOutput: () => [scores(), 'probabilities'],
  packTargets: () => [scores(), classIds()],
  packedDistillationLoss: () => [distillation],
  reverseSoftTarget: () => [softTerm],
  reverseSoftTargetLoss: () => [...pair(), soft],
  sigmoidHardTarget: () => [{ ...term, target: 'labels' }],
  sigmoidHardTargetLoss: pair,
  sigmoidLogitsFromProbabilities: () => [scores()],
  sigmoidSoftTarget: () => [softTerm],
  sigmoidSoftTargetCrossEntropy: () => [...pair(), soft],
  sigmoidSoftTargetLoss: () => [...pair(), soft],
  skewReverseSoftTarget: () => [{ ...softTerm, alpha: 0.1 }],
  skewReverseSoftTargetLoss: () => [...pair(), { ...soft, alpha: 0.1 }],
  skewSoftTarget: () => [{ ...softTerm, alpha: 0.1 }],
  skewSoftTargetLoss: () => [...pair(), { ...soft, alpha: 0.1 }],
  softTarget: () => [softTerm],
  softTargetCrossEntropy: () => [...pair(), soft],
  softTargetFromTop: () => [term],
  softTargetLoss: () => [...pair(), soft],
  softTargetLossFromLogTargets: () => [...pair(), soft],
  softTargetLossFromTop: () => [
    {
      classes: tensor([0, 1], [2, 1], 'int32'),
      logProbabilities: fill([2, 1], -1),
      logRemaining: fill([2], -1),
    },
    scores(),
  ],
  softTargetLossFromProbabilities: () => [...pair(), soft],
  studentLogitsOfOutput: () => [scores(), 'probabilities'],
};
