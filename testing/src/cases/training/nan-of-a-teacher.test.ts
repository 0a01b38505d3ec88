// NaN is detected on every backend, in a diverged teacher and in a validation set.
import '@tensorflow/tfjs-backend-cpu';
import { selectBackend } from '@kd/backend/node';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import { fill } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { data, mlp, numbers, sgd, student } from '../nets.js';
import { outcome } from '../outcome.js';

const options = { data, batchSize: 16, epochs: 1, optimizer: sgd };

/** Trains with a teacher that has NaN in the weights of its hidden layer, which ends in relu. */
const withDivergedTeacher = (): Promise<string> =>
  outcome(async () => {
    const diverged = mlp(9, 'wide');
    diverged.getLayer('wide_hidden').setWeights([fill([4, 9], NaN), fill([9], 0)]);
    const recipe = defineRecipe({
      student: student(),
      teacher: layersTeacher(diverged, { convention: 'logits' }),
      terms: [softTarget({ temperature: 2 })],
    });
    const { reason, history } = await train(recipe, options);
    return `${reason}, loss ${String(history[0]?.total)}`;
  });

/** Trains with a validation set that has NaN in one row. */
const withBrokenValidation = (): Promise<string> =>
  outcome(async () => {
    const broken = { ...data, inputs: numbers(16, [4]) };
    broken.inputs.values[3] = NaN;
    const recipe = defineRecipe({ student: student(), terms: [hardTarget()] });
    const { history, bestEpoch } = await train(recipe, { ...options, validation: { data: broken } });
    return `validation ${String(history[0]?.validation?.['loss'])}, best epoch ${String(bestEpoch)}`;
  });

const teacherIsRefused = /^KD_(TEACHER|STEP)_NOT_FINITE: /;
const validationIsNaN = 'validation NaN, best epoch undefined';

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => selectBackend({ require: backend }));

  it('a teacher that answers NaN is refused', async () => {
    expect(await withDivergedTeacher()).toMatch(teacherIsRefused);
  });

  it('NaN in a validation set gives a loss of NaN, which is never the best', async () => {
    expect(await withBrokenValidation()).toBe(validationIsNaN);
  });
});
