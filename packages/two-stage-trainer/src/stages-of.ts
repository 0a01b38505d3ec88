import { train } from '@tensorflow/tfjs-core';
import { layersUpTo } from '@kd/model';
import type { Tap, Term } from '@kd/core';
import { hint as hintTerm } from '@kd/hint-regressor';
import { linear } from '@kd/schedule';
import { hardTarget, softTarget } from '@kd/soft-target-loss/terms';
import type { Stage, Stopping } from '@kd/trainer';
import { where } from './check-options.js';
import type { TwoStageOptions, TwoStageTraining } from './options.js';

// Romero et al. 2015, section 3.1 and appendix A.
const publishedEpochs = 500;
const publishedPatience = 100;
const publishedOptimizer: Stage['optimizer'] = () => train.rmsprop(0.005);

/** The stages that the options describe: hints, then distillation; or one of both. */
export function stagesOf(options: TwoStageOptions): Stage[] {
  const { hint, guided, strategy = 'two stages' } = options;
  if (hint === undefined || guided === undefined) return [distillationStage(options, [], [])];
  const lower = lowerLayers(options, guided);
  const { regressor = {}, jointHintWeight = 100 } = options;
  const taps = { student: guided, teacher: hint };
  if (strategy === 'joint') {
    const joint = hintTerm({ ...taps, reduction: 'mean', ...regressor, weight: jointHintWeight });
    return [distillationStage(options, [joint], [])];
  }
  return [
    hintStage(options, hintTerm({ ...taps, ...regressor }), lower),
    distillationStage(options, [], lower),
  ];
}

/** The layers on which the guided ones depend, themselves included. */
function lowerLayers({ student }: TwoStageOptions, guided: Tap | readonly Tap[]): string[] {
  const taps = Array.isArray(guided) ? (guided as readonly Tap[]) : [guided as Tap];
  return [...new Set(taps.flatMap((tap) => layersUpTo(where, student.model, tap)))];
}

function hintStage(
  { hints = {}, validation }: TwoStageOptions,
  term: Term,
  trainable: readonly string[],
): Stage {
  const { patience = publishedPatience } = hints;
  // Judged by its own loss: labels would not tell how near the hint is, and there may be none.
  const stopping: Stopping | undefined = validation && { measure: 'losses', patience };
  return {
    name: 'hints',
    terms: [term],
    trainable,
    ...trainingOf(hints),
    ...(stopping === undefined ? {} : { stopping }),
  };
}

function distillationStage(options: TwoStageOptions, more: readonly Term[], lower: readonly string[]): Stage {
  const { temperature = 3, hardWeight = 1, distillation = {}, validation } = options;
  const { guidedLearningRate = 1, patience = publishedPatience, measure, score } = distillation;
  const training = trainingOf(distillation);
  const { lambda = linear({ from: 4, to: 1, epochs: training.epochs }) } = options;
  // The published λ goes without T²: with it, 4 would be worth 36 at τ = 3.
  const soft = softTarget({ temperature, weight: lambda, scaleByTemperatureSquared: false });
  const hard = hardWeight === 0 ? [] : [hardTarget({ weight: hardWeight })];
  const stopping = validation && {
    patience,
    ...(measure === undefined ? {} : { measure }),
    ...(score === undefined ? {} : { score }),
  };
  return {
    name: 'distillation',
    terms: [...more, soft, ...hard],
    ...training,
    ...(guidedLearningRate === 1
      ? {}
      : { learningRates: Object.fromEntries(lower.map((path) => [path, guidedLearningRate])) }),
    ...(stopping === undefined ? {} : { stopping }),
  };
}

function trainingOf({
  epochs = publishedEpochs,
  optimizer = publishedOptimizer,
  batchesPerStep,
}: TwoStageTraining): Pick<Stage, 'epochs' | 'optimizer' | 'batchesPerStep'> {
  return { epochs, optimizer, ...(batchesPerStep === undefined ? {} : { batchesPerStep }) };
}
