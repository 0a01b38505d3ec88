import type { LayersModel } from '@tensorflow/tfjs-layers';
import { hint } from '@kd/hint-regressor';
import { layersUpTo } from '@kd/model';
import { adam, rmsprop } from '@kd/optimizers';
import { cosine, linear } from '@kd/schedule';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import type { Stage } from '@kd/trainer';
import { hintEpochsOf } from './job.js';
import type { Job } from './job.js';
import { maxoutHint, regressorName } from './maxout-hint.js';
import { hintLayer, middleOf } from './plans.js';

/** Steps per epoch. */
export function stepsPerEpoch({ digits, training }: Job): number {
  return Math.ceil(digits.learning / training.batchSize);
}

/**
 * The stages of a training: hints, if they come first, then the rest. They are those of
 * `@kd/two-stage-trainer`, written out because the authors' regressor has maxout units.
 */
export function stagesOf(model: LayersModel, job: Job): Stage[] {
  const { labels = 1, soft = false, joint = false, regressor } = job.lesson;
  const guided = middleOf(job.plan);
  const taps = { student: guided, teacher: hintLayer };
  const hintEpochs = hintEpochsOf(job);
  const epochs = job.training.epochs - hintEpochs;
  const last: Stage = {
    name: 'last',
    terms: [
      // The weight of RepDistiller, and no other was tried.
      ...(joint ? [hint({ ...taps, reduction: 'mean', weight: 100 })] : []),
      ...(soft ? [softTerm(epochs)] : []),
      hardTarget({ weight: labels }),
    ],
    ...trainingOf(job, epochs, {}),
    // Between two epochs with the same number of errors, the one with the lower loss is better.
    earlyStopping: { score: ({ accuracy = 0, loss = 0 }) => 1 - accuracy + 1e-6 * loss },
  };
  if (hintEpochs === 0) return [last];
  const first: Stage = {
    name: 'hints',
    terms: [regressor === undefined ? hint(taps) : maxoutHint({ guided, hint: hintLayer }, regressor)],
    trainable: layersUpTo('stagesOf', model, guided),
    ...trainingOf(job, hintEpochs, regressor === undefined ? {} : { [regressorName]: regressor.maxNorm }),
    earlyStopping: { metrics: 'losses' },
  };
  return [first, last];
}

/** The published soft targets: temperature 3, and a weight from 4 to 1 without T². */
function softTerm(epochs: number): ReturnType<typeof softTarget> {
  const weight = linear({ from: 4, to: 1, epochs });
  return softTarget({ temperature: 3, weight, scaleByTemperatureSquared: false });
}

function trainingOf(
  job: Job,
  epochs: number,
  normOfRegressor: Readonly<Record<string, number>>,
): Pick<Stage, 'epochs' | 'optimizer'> {
  const { learningRate: from, rmsprop: settings } = job.training;
  const learningRate = cosine({ from, to: 0, steps: epochs * stepsPerEpoch(job) });
  if (settings === undefined) return { epochs, optimizer: () => adam({ learningRate }) };
  const { epsilon, maxNorm: limits } = settings;
  const maxNorm = { ...limits, ...normOfRegressor };
  return { epochs, optimizer: () => rmsprop({ learningRate, alpha: 0.9, epsilon, maxNorm }) };
}
