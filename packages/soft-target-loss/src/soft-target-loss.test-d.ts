import type { Term } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as losses from './index.js';
import type { MixTargets } from './index.js';

declare const x: Tensor;
declare const model: LayersModel;

x satisfies ReturnType<typeof losses.softTargetLoss>;
losses.softTargetLoss(x, x, { temperature: 4, scaleByTemperatureSquared: false }) satisfies Tensor;
losses.softTarget({ temperature: ({ epoch }) => 4 - epoch, weight: 0.9 }) satisfies Term;
losses.softTarget({ temperature: 4, mix: losses.geometricMean }) satisfies Term;
losses.arithmeticMean satisfies MixTargets;
model.compile({ optimizer: 'sgd', loss: losses.forCompile(losses.softTargetLoss, { temperature: 4 }) });
model.compile({ optimizer: 'sgd', loss: losses.packedDistillationLoss({ temperature: 4, softWeight: 0.9 }) });
losses.forCompile(losses.hardTargetLossFromDistributions, { labelSmoothing: 0.1 });
losses.forCompile(losses.logitMatchingLoss, {});

// @ts-expect-error: a temperature has no default
losses.softTargetLoss(x, x, {});
// @ts-expect-error: options are needed
losses.softTargetLoss(x, x);
// @ts-expect-error: unknown option
losses.softTargetLoss(x, x, { temperature: 4, tau: 4 });
// @ts-expect-error: loss functions take no schedule
losses.softTargetLoss(x, x, { temperature: () => 4 });
// @ts-expect-error: β is an option of jensenShannonLoss
losses.reverseSoftTargetLoss(x, x, { temperature: 4, beta: 0.5 });
// @ts-expect-error: α is an option of the skew losses
losses.jensenShannonLoss(x, x, { temperature: 4, alpha: 0.1 });
// @ts-expect-error: logits are a tensor
losses.softTargetLoss([[1, 2]], x, { temperature: 4 });
// @ts-expect-error: the share of the soft part has no default
losses.distillationLoss({ teacherLogits: x, labels: x }, x, { temperature: 4 });
// @ts-expect-error: both targets are needed
losses.distillationLoss({ teacherLogits: x }, x, { temperature: 4, softWeight: 0.9 });
// @ts-expect-error: a loss of hard targets has no temperature
losses.hardTargetLoss(x, x, { temperature: 4 });
// @ts-expect-error: logitMatchingLoss has no options
losses.logitMatchingLoss(x, x, { temperature: 4 });
// @ts-expect-error: the options are those of the loss
losses.forCompile(losses.softTargetLoss, { labelSmoothing: 0.1 });
// @ts-expect-error: a function is required, not its name
losses.forCompile('softTargetLoss', { temperature: 4 });
// @ts-expect-error: several teachers are an array
losses.arithmeticMean(x, { temperature: 4 });
// @ts-expect-error: a temperature has no default
losses.softTarget({ weight: 1 });
// @ts-expect-error: a mix is a function
losses.softTarget({ temperature: 4, mix: 'geometric' });
// @ts-expect-error: logit matching has no temperature
losses.logitMatching({ temperature: 4 });
// @ts-expect-error: independent labels are not smoothed
losses.sigmoidHardTarget({ labelSmoothing: 0.1 });
// @ts-expect-error: a term is readonly
losses.hardTarget().weight = 2;
