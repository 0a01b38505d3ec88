import {
  checkFunction,
  checkInteger,
  checkNonNegative,
  checkOptions,
  checkPositive,
  describeValue,
  KdError,
} from '@kd/core';
import { checkModel } from '@kd/model';
import { optionNames } from './options.js';
import type { TwoStageOptions, TwoStageTraining } from './options.js';

export const where = 'trainInTwoStages';
const ofStage = ['epochs', 'optimizer', 'patience', 'batchesPerStep'];

/** Checks what the engine cannot, as it sees stages and terms only. */
export function checkTwoStageOptions(options: TwoStageOptions): void {
  checkOptions(where, options, optionNames);
  const {
    student,
    hint,
    guided,
    strategy = 'two stages',
    jointHintWeight,
    hints = {},
    distillation = {},
  } = options;
  const { regressor = {}, temperature = 3, lambda = 1, hardWeight = 1, validation } = options;
  checkOptions(where, student, ['model', 'output'], 'options.student');
  checkModel(where, 'options.student', student.model, student.output);
  checkOptions(where, hints, ofStage, 'options.hints');
  checkOptions(
    where,
    distillation,
    [...ofStage, 'measure', 'score', 'guidedLearningRate'],
    'options.distillation',
  );
  checkOptions(
    where,
    regressor,
    ['kind', 'activation', 'identityWhenEqual', 'reduction'],
    'options.regressor',
  );
  checkTraining('options.hints', hints);
  checkTraining('options.distillation', distillation);
  if (typeof temperature !== 'function') checkPositive(where, 'options.temperature', temperature);
  if (typeof lambda !== 'function') checkNonNegative(where, 'options.lambda', lambda);
  checkNonNegative(where, 'options.hardWeight', hardWeight);
  if (distillation.guidedLearningRate !== undefined) {
    checkNonNegative(where, 'options.distillation.guidedLearningRate', distillation.guidedLearningRate);
  }
  if ((hint === undefined) !== (guided === undefined)) {
    throw wrong(
      'options.hint and options.guided',
      'given together, or both left out',
      `hint ${describeValue(hint)}, guided ${describeValue(guided)}`,
    );
  }
  if (strategy !== ('two stages' as unknown) && strategy !== 'joint') {
    throw wrong('options.strategy', '"two stages" or "joint"', describeValue(strategy));
  }
  checkUnused(options, strategy === 'joint');
  if (jointHintWeight !== undefined && typeof jointHintWeight !== 'function')
    checkNonNegative(where, 'options.jointHintWeight', jointHintWeight);
  if (validation === undefined) checkNoStopping({ hints, distillation });
}

function checkTraining(at: string, { epochs, optimizer, patience, batchesPerStep }: TwoStageTraining): void {
  if (optimizer !== undefined) checkFunction(where, `${at}.optimizer`, optimizer);
  for (const [name, value] of Object.entries({ epochs, patience, batchesPerStep })) {
    if (value !== undefined) checkInteger(where, `${at}.${name}`, value, 1);
  }
}

/** An option that nothing would come of is an error. */
function checkUnused(
  { hint, hints, regressor, distillation, jointHintWeight }: TwoStageOptions,
  isJoint: boolean,
): void {
  const idle: Record<string, unknown> = {
    ...(hint === undefined || isJoint
      ? {
          'options.hints': hints,
          'options.distillation.guidedLearningRate': distillation?.guidedLearningRate,
        }
      : {}),
    ...(hint === undefined ? { 'options.regressor': regressor } : {}),
    ...(hint === undefined || !isJoint ? { 'options.jointHintWeight': jointHintWeight } : {}),
  };
  for (const [argument, value] of Object.entries(idle)) {
    if (value === undefined) continue;
    const why = hint === undefined ? 'without a hint' : isJoint ? 'in the strategy "joint"' : 'in two stages';
    throw wrong(argument, `absent ${why}`, describeValue(value));
  }
}

function checkNoStopping({
  hints,
  distillation,
}: Required<Pick<TwoStageOptions, 'hints' | 'distillation'>>): void {
  const { patience, measure, score } = distillation;
  const given = { 'options.hints.patience': hints.patience, 'options.distillation.patience': patience };
  for (const [argument, value] of Object.entries({
    ...given,
    'options.distillation.measure': measure,
    'options.distillation.score': score,
  })) {
    if (value !== undefined) throw wrong(argument, 'absent without options.validation', describeValue(value));
  }
}

function wrong(argument: string, expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument,
    expected,
    received,
    remedy: 'Leave the option out, or give what it needs.',
  });
}
