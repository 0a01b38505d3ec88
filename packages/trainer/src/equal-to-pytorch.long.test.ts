// Each of 200 steps of distillation has the same losses as in PyTorch, computed in float64.
import { registerTrainingKernels } from '@kd/backend';
import { adam, sgd } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { backends, expectClose, useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { golden, trainings } from '../test/distillation.js';
import { recorder } from '../test/small.js';
import { train } from './index.js';

const optimizers = {
  adam: () => adam({ learningRate: 1e-3 }),
  sgd: () => sgd({ learningRate: 0.01, momentum: 0.9 }),
} as const;

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    registerTrainingKernels();
  });

  it.each(golden)('$net student, $optimizer', async (one) => {
    const { student, teacher, data } = trainings[one.net]();
    const { of, onEvent } = recorder();
    const recipe = defineRecipe({
      student: { model: student, convention: 'logits' },
      teacher: layersTeacher(teacher, { convention: 'logits' }),
      terms: [softTarget({ temperature: 4, weight: 0.9 }), hardTarget({ weight: 0.1 })],
    });
    await train(recipe, {
      data,
      epochs: 25,
      optimizer: optimizers[one.optimizer],
      onEvent,
    });
    const steps = of('step');
    expect(steps).toHaveLength(200);
    for (const [name, expected] of Object.entries(one.losses)) {
      const actual = steps.map(({ losses }) => losses[name] ?? NaN);
      expectClose(actual, expected, { relative: 2e-6, absolute: 0 });
    }
    student.dispose();
    teacher.dispose();
  });
});
