import { registerTrainingKernels } from '@kd/backend';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { sigmoidSoftTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { functionTeacher } from '@kd/teacher/function';
import { backends, expectKdError, useBackend } from '@kd/testing';
import { fill, tensor2d } from '@tensorflow/tfjs-core';
import { sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { dense, examples, net, numbersOf, onLabels, options } from '../test/small.js';
import { train } from './index.js';

const relu = () =>
  sequential({
    layers: [dense(1, { units: 4, activation: 'relu', inputShape: [2] }), dense(2, { units: 3 })],
  });

/** A teacher that answers correctly once, then gives these numbers for the first class of the second row. */
const failing = (convention: 'probabilities' | 'sigmoid-probabilities', number: number): Recipe => {
  let asked = 0;
  const answer = () => {
    const rows = Array.from({ length: 4 }, () => [0.5, 0.25, 0.25]);
    if (asked++ > 0) rows[1] = [number, 0.25, 0.25];
    return tensor2d(rows);
  };
  const isSigmoid = convention === 'sigmoid-probabilities';
  return defineRecipe({
    student: { model: net(), convention: isSigmoid ? 'sigmoid-logits' : 'logits' },
    teacher: functionTeacher(answer, { convention, shape: [null, 3], fingerprint: 'test' }),
    terms: [isSigmoid ? sigmoidSoftTarget({ temperature: 2 }) : softTarget({ temperature: 2 })],
  });
};

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    // As selectBackend does: stock wasm turns NaN into 0 in a fused relu.
    registerTrainingKernels();
  });

  it('a teacher that has diverged teaches nothing', async () => {
    const teacher = relu();
    teacher.layers[0]?.setWeights([fill([2, 4], NaN), fill([4], 0)]);
    const student = relu();
    const before = numbersOf(student);
    const recipe = defineRecipe({
      student: { model: student, convention: 'logits' },
      teacher: layersTeacher(teacher, { convention: 'logits' }),
      terms: [softTarget({ temperature: 2 })],
    });
    const body = () => train(recipe, options(examples(8)));
    await expectKdError(
      body,
      'KD_TEACHER_NOT_FINITE',
      'train, epoch 0, step 0',
      "the teacher's answer",
      'NaN in row 0, class 0',
    );
    expect(numbersOf(student)).toEqual(before);
  });

  it.each(['probabilities', 'sigmoid-probabilities'] as const)(
    '%s are checked in every answer',
    async (convention) => {
      for (const [number, code] of [
        [NaN, 'KD_TEACHER_NOT_FINITE'],
        [7, 'KD_PROBABILITY_RANGE'],
        [-0.5, 'KD_PROBABILITY_RANGE'],
      ] as const)
        // prettier-ignore
        await expectKdError(
        () => train(failing(convention, number), options(examples(8))),
        code,
        'train, epoch 0, step 1', "the teacher's answer",
        `${String(number)} in row 1, class 0`,
      );
      const run = await train(failing(convention, 0), options(examples(8)));
      expect(run.history[0]?.total).toBeGreaterThan(0);
    },
  );

  it('a validation loss of NaN is never the best, not even in the first epoch', async () => {
    const broken = examples(4);
    broken.inputs.values[3] = NaN;
    const model = sequential({ layers: [...relu().layers] });
    const validation = { data: broken };
    const run = await train(onLabels(model), options(examples(8), { epochs: 2, validation }));
    expect(run.history.map(({ validation: measured }) => measured?.['loss'])).toEqual([NaN, NaN]);
    expect(run.history.map(({ improved }) => improved)).toEqual([false, false]);
    expect(run.bestEpoch).toBeUndefined();
  });

  it('any number beats a NaN in the first epoch', async () => {
    let epoch = 0;
    const score = (): number => (epoch++ < 2 ? NaN : 1);
    // Asked once before the first step.
    const validation = { data: examples(4), score };
    const run = await train(onLabels(relu()), options(examples(8), { epochs: 3, validation }));
    expect(run.history.map(({ improved }) => improved)).toEqual([false, true, false]);
    expect(run.bestEpoch).toBe(1);
  });
});
