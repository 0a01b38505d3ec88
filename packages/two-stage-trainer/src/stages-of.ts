import type { Settings, Tap, Term } from '@kd/core';
import { hint as hintTerm } from '@kd/hint-regressor';
import { layersUpTo } from '@kd/model';
import type { Student } from '@kd/recipe';
import { linear } from '@kd/schedule';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import type { Stage } from '@kd/trainer';
import type { twoStageOptions } from './options.js';
import type { twoStageRecipe } from './recipe.js';
import { distillationTraining, publishedPatience, twoStageTraining } from './stage-training.js';
import type { TwoStageSettings } from './stage-training.js';

type Recipe = Settings<typeof twoStageRecipe.fields>;
type Training = Pick<Settings<typeof twoStageOptions.fields>, 'hints' | 'distillation'> & {
  /** Whether examples are held out to judge the student on. */
  readonly isJudged: boolean;
};

/** The stages that a recipe describes: hints then distillation, or a single stage. */
export function stagesOf(where: string, recipe: Recipe, training: Training): Stage[] {
  const { student, hint, guided, strategy, regressor = {}, jointHintWeight = 100 } = recipe;
  if (hint === undefined || guided === undefined) return [distillationStage(where, recipe, training, [], [])];
  const taps = { student: guided, teacher: hint };
  if (strategy === 'joint') {
    const joint = hintTerm({ ...taps, reduction: 'mean', ...regressor, weight: jointHintWeight });
    return [distillationStage(where, recipe, training, [joint], [])];
  }
  const lower = lowerLayers(where, student, guided);
  return [
    hintStage(where, hintTerm({ ...taps, ...regressor }), training, lower),
    distillationStage(where, recipe, training, [], lower),
  ];
}

/** The layers on which the guided layers depend, including themselves. */
function lowerLayers(where: string, { model }: Student, guided: Tap | readonly Tap[]): string[] {
  const taps = Array.isArray(guided) ? (guided as readonly Tap[]) : [guided as Tap];
  return [...new Set(taps.flatMap((tap) => layersUpTo(where, model, tap)))];
}

function hintStage(where: string, term: Term, training: Training, trainable: readonly string[]): Stage {
  const { hints = twoStageTraining.read(where), isJudged } = training;
  const { patience = publishedPatience } = hints;
  return {
    name: 'hints',
    terms: [term],
    trainable,
    ...trainingOf(hints),
    // Judged by its own loss: labels would not tell how close the hint is, and may be missing.
    ...(isJudged ? { earlyStopping: { metrics: 'losses', patience } } : {}),
  };
}

function distillationStage(
  where: string,
  { temperature, hardWeight, lambda }: Recipe,
  { distillation = distillationTraining.read(where), isJudged }: Training,
  more: readonly Term[],
  lower: readonly string[],
): Stage {
  const { guidedLearningRate = 1, patience = publishedPatience, metrics, score, epochs } = distillation;
  // The published λ is used without T²: with T², 4 would act as 36 at τ = 3.
  const weight = lambda ?? linear({ from: 4, to: 1, epochs });
  const soft = softTarget({ temperature, weight, scaleByTemperatureSquared: false });
  const hard = hardWeight === 0 ? [] : [hardTarget({ weight: hardWeight })];
  const earlyStopping = {
    patience,
    ...(metrics === undefined ? {} : { metrics }),
    ...(score === undefined ? {} : { score }),
  };
  return {
    name: 'distillation',
    terms: [...more, soft, ...hard],
    ...trainingOf(distillation),
    ...(guidedLearningRate === 1
      ? {}
      : { learningRateMultipliers: Object.fromEntries(lower.map((path) => [path, guidedLearningRate])) }),
    ...(isJudged ? { earlyStopping } : {}),
  };
}

function trainingOf({
  epochs,
  optimizer,
  accumulationSteps,
}: TwoStageSettings): Pick<Stage, 'epochs' | 'optimizer' | 'accumulationSteps'> {
  return { epochs, optimizer, accumulationSteps };
}
