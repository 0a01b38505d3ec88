import { expectKdError, useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { images, options, run, thinStudent } from '../test/small.js';
import { trainInTwoStages } from './index.js';
import type { Given } from '../test/small.js';

beforeAll(() => useBackend('cpu'));

describe('a wrong option', () => {
  it.each<[string, object, string, ...string[]]>([
    ['an unknown one', { hints_: {} }, 'KD_OPTION_UNKNOWN', 'options.hints_'],
    ['no data', { data: undefined }, 'KD_DATA_TYPE', 'options.data'],
    ['no student', { student: undefined }, 'KD_OPTION_TYPE', 'recipe.student'],
    ['an invalid teacher', { teacher: {} }, 'KD_OPTION_TYPE', 'teacher'],
    [
      'a hint without a guided layer',
      { guided: undefined },
      'KD_OPTION_RANGE',
      'recipe.hint and recipe.guided',
    ],
    [
      'a guided layer without a hint',
      { hint: undefined },
      'KD_OPTION_RANGE',
      'recipe.hint and recipe.guided',
    ],
    [
      'more hints than guided layers',
      { hint: ['wide_1', 'wide_2'] },
      'KD_OPTION_RANGE',
      '1 of the student and 2 of the teacher',
    ],
    ['a hint that the teacher lacks', { hint: 'wide_3' }, 'KD_TAP_UNKNOWN', 'tap "wide_3"'],
    ['a guided layer that the student lacks', { guided: 'thin2' }, 'KD_TAP_UNKNOWN', '"thin_2"'],
    ['layers of another rank', { guided: 'logits' }, 'KD_HINT_SHAPES', '[?,3]'],
    [
      'a regressor that does not fit',
      { regressor: { kind: 'pointwise' } },
      'KD_HINT_SHAPES',
      '"convolution"',
      '"resize"',
    ],
    [
      'an unknown option of the regressor',
      { regressor: { size: 3 } },
      'KD_OPTION_UNKNOWN',
      'recipe.regressor.size',
    ],
    ['a temperature of 0', { temperature: 0 }, 'KD_OPTION_RANGE', 'recipe.temperature'],
    ['a negative λ', { lambda: -1 }, 'KD_OPTION_RANGE', 'recipe.lambda'],
    ['a negative weight of the labels', { hardWeight: -1 }, 'KD_OPTION_RANGE', 'recipe.hardWeight'],
    ['another strategy', { strategy: 'both' }, 'KD_OPTION_RANGE', '"two stages"', '"joint"'],
    ['a stage of hints in the joint strategy', { strategy: 'joint' }, 'KD_OPTION_RANGE', 'options.hints'],
    [
      'a weight of the hint in two stages',
      { jointHintWeight: 3 },
      'KD_OPTION_RANGE',
      'recipe.jointHintWeight',
    ],
    [
      'a stage of hints without a hint',
      { hint: undefined, guided: undefined },
      'KD_OPTION_RANGE',
      'options.hints',
    ],
    ['no epochs', { hints: { epochs: 0 } }, 'KD_OPTION_RANGE', 'options.hints.epochs'],
    [
      'an invalid optimizer',
      { distillation: { optimizer: 'adam' } },
      'KD_OPTION_TYPE',
      'options.distillation.optimizer',
    ],
    [
      'half a batch per step',
      { hints: { accumulationSteps: 0.5 } },
      'KD_OPTION_RANGE',
      'options.hints.accumulationSteps',
    ],
    [
      'an unknown option of a stage',
      { distillation: { epoch: 3 } },
      'KD_OPTION_UNKNOWN',
      'options.distillation.epoch',
    ],
    [
      'a negative learning rate',
      { distillation: { guidedLearningRate: -1 } },
      'KD_OPTION_RANGE',
      'guidedLearningRate',
    ],
    [
      'patience without a validation set',
      { hints: { patience: 3 } },
      'KD_OPTION_RANGE',
      'options.hints.patience',
    ],
    [
      'a metric without a validation set',
      { distillation: { metrics: 'losses' } },
      'KD_OPTION_RANGE',
      'options.distillation.metrics',
    ],
    ['a batch size for a stream', { data: () => [] }, 'KD_OPTION_TYPE', 'options.batchSize'],
    ['an invalid validation set', { validation: { data: 3 } }, 'KD_DATA_TYPE', 'options.validation.data'],
    [
      'data without the labels that the second stage needs',
      { data: { inputs: images(4).inputs } },
      'KD_TERM_NEEDS',
      'batch.targets',
    ],
  ])('is named before the first step: %s', async (_, fault, code, ...facts) => {
    let steps = 0;
    const counted: Partial<Given> = {
      onEvent: () => {
        steps += 1;
      },
    };
    await expectKdError(() => run({ ...options(thinStudent(), counted), ...fault }), code, ...facts);
    expect(steps).toBe(0);
  });

  it('is given in place of all options', () =>
    expectKdError(
      () => trainInTwoStages(undefined as never, undefined as never),
      'KD_OPTION_TYPE',
      'trainInTwoStages',
      'recipe',
    ));
});
