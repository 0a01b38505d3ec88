import type { Term } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as api from './index.js';
import type { MixTargets } from './index.js';

declare const x: Tensor;
declare const model: LayersModel;

x satisfies ReturnType<typeof api.softTargetLoss>;
api.softTargetLoss(x, x, { temperature: 4, scaleByTemperatureSquared: false }) satisfies Tensor;
api.softTarget({ temperature: ({ epoch }) => 4 - epoch, weight: 0.9 }) satisfies Term;
api.softTarget({ temperature: 4, mix: api.geometricMean }) satisfies Term;
api.arithmeticMean satisfies MixTargets;
model.compile({ optimizer: 'sgd', loss: api.forCompile(api.softTargetLoss, { temperature: 4 }) });
model.compile({ optimizer: 'sgd', loss: api.packedDistillationLoss({ temperature: 4, softWeight: 0.9 }) });
api.forCompile(api.hardTargetLossFromDistributions, { labelSmoothing: 0.1 });
api.forCompile(api.logitMatchingLoss, {});

// @ts-expect-error: a temperature has no default
api.softTargetLoss(x, x, {});
// @ts-expect-error: options are needed
api.softTargetLoss(x, x);
// @ts-expect-error: unknown option
api.softTargetLoss(x, x, { temperature: 4, tau: 4 });
// @ts-expect-error: a function takes no schedule
api.softTargetLoss(x, x, { temperature: () => 4 });
// @ts-expect-error: β is an option of jensenShannonLoss
api.reverseSoftTargetLoss(x, x, { temperature: 4, beta: 0.5 });
// @ts-expect-error: logits are a tensor
api.softTargetLoss([[1, 2]], x, { temperature: 4 });
// @ts-expect-error: the share of the soft part has no default
api.distillationLoss({ teacherLogits: x, labels: x }, x, { temperature: 4 });
// @ts-expect-error: both targets are needed
api.distillationLoss({ teacherLogits: x }, x, { temperature: 4, softWeight: 0.9 });
// @ts-expect-error: a loss of hard targets has no temperature
api.hardTargetLoss(x, x, { temperature: 4 });
// @ts-expect-error: logitMatchingLoss has no options
api.logitMatchingLoss(x, x, { temperature: 4 });
// @ts-expect-error: the options are those of the loss
api.forCompile(api.softTargetLoss, { labelSmoothing: 0.1 });
// @ts-expect-error: a function, not its name
api.forCompile('softTargetLoss', { temperature: 4 });
// @ts-expect-error: several teachers are an array
api.arithmeticMean(x, { temperature: 4 });
// @ts-expect-error: a temperature has no default
api.softTarget({ weight: 1 });
// @ts-expect-error: a mix is a function
api.softTarget({ temperature: 4, mix: 'geometric' });
// @ts-expect-error: logit matching has no temperature
api.logitMatching({ temperature: 4 });
// @ts-expect-error: independent labels are not smoothed
api.sigmoidHardTarget({ labelSmoothing: 0.1 });
// @ts-expect-error: a term is not changed
api.hardTarget().weight = 2;
