import { describeValue, KdError } from '@kd/core';
import type { TwoStageOptions } from './options.js';
import type { TwoStageRecipe } from './recipe.js';

/** Throws for an option that would have no effect, and for `hint` without `guided` or the reverse. */
export function checkUnused(
  where: string,
  { hint, guided, regressor, strategy, jointHintWeight }: TwoStageRecipe,
  { hints, distillation = {}, validation, validationSplit }: TwoStageOptions,
): void {
  if ((hint === undefined) !== (guided === undefined)) {
    const received = `hint ${describeValue(hint)}, guided ${describeValue(guided)}`;
    throw fault(where, 'recipe.hint and recipe.guided', 'both given or both left out', received);
  }
  const { guidedLearningRate, patience, metrics, score } = distillation;
  const ofHints = { 'options.hints': hints, 'options.distillation.guidedLearningRate': guidedLearningRate };
  const ofJoint = { 'recipe.jointHintWeight': jointHintWeight };
  if (hint === undefined)
    checkAbsent(where, 'without a hint', { ...ofHints, ...ofJoint, 'recipe.regressor': regressor });
  else if (strategy === 'joint') checkAbsent(where, 'in the strategy "joint"', ofHints);
  else checkAbsent(where, 'in two stages', ofJoint);
  if (validation !== undefined || validationSplit !== undefined) return;
  checkAbsent(where, 'without options.validation', {
    'options.hints.patience': hints?.patience,
    'options.distillation.patience': patience,
    'options.distillation.metrics': metrics,
    'options.distillation.score': score,
  });
}

function checkAbsent(where: string, why: string, given: Readonly<Record<string, unknown>>): void {
  for (const [argument, value] of Object.entries(given)) {
    if (value !== undefined) throw fault(where, argument, `absent ${why}`, describeValue(value));
  }
}

function fault(where: string, argument: string, expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument,
    expected,
    received,
    remedy: 'Leave the option out, or provide what it needs.',
  });
}
