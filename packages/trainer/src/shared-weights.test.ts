// A teacher must not change while it teaches, nor a student be trained twice at once.
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { ensembleTeacher, layersTeacher, onlineTeacher } from '@kd/teacher';
import { expectKdError, useBackend } from '@kd/testing';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { input, model } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { dense, examples, net, numbersOf, recorder } from '../test/small.js';
import { train } from './index.js';
import type { TrainOptions } from './index.js';

await useBackend('cpu');

const convention = 'logits';
const options = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  data: examples(8),
  epochs: 2,
  optimizer: () => optimizers.sgd(0.5),
  ...more,
});
const recipeOf = (student: LayersModel, teacher = layersTeacher(student, { convention })) =>
  defineRecipe({
    student: { model: student, convention },
    teacher,
    terms: [softTarget({ temperature: 2 }), hardTarget()],
  });

describe('a teacher', () => {
  const x = input({ shape: [2] });
  const shared = dense(1, { name: 'shared', units: 4, activation: 'tanh' });
  const hidden = shared.apply(x) as SymbolicTensor;
  const head = (seed: number, from = hidden): SymbolicTensor =>
    dense(seed, { units: 3 }).apply(from) as SymbolicTensor;
  const student = model({ inputs: x, outputs: head(2) });
  const deep = dense(3, { units: 16 }).apply(hidden) as SymbolicTensor;
  const larger = model({ inputs: x, outputs: head(4, deep) });

  it.each<[string, () => ReturnType<typeof layersTeacher>]>([
    ['is the student', () => layersTeacher(student, { convention })],
    ['shares a layer with it', () => layersTeacher(larger, { convention })],
    ['is an ensemble with such a member', () => ensembleTeacher({ other: layersTeacher(net(5), { convention }), own: layersTeacher(larger, { convention }) })], // prettier-ignore
  ])('that %s is refused before the first step', async (_, teacher) => {
    const { events, onEvent } = recorder();
    const before = numbersOf(student);
    await expectKdError(
      () => train(recipeOf(student, teacher()), options({ onEvent })),
      'KD_TEACHER_TRAINED',
    );
    expect(events).toEqual([]);
    expect(numbersOf(student)).toEqual(before);
  });

  it('may share layers that are not trained, or be wrapped as one that changes', async () => {
    shared.trainable = false;
    const frozen = layersTeacher(larger, { convention });
    expect((await train(recipeOf(student, frozen), options())).reason).toBe('finished');
    shared.trainable = true;
    const live = onlineTeacher(larger, { convention });
    expect((await train(recipeOf(student, live), options())).reason).toBe('finished');
  });
});

describe('two trainings at the same time', () => {
  it('cannot change the same student', async () => {
    const student = net();
    const teacher = layersTeacher(net(7), { convention });
    const first = train(recipeOf(student, teacher), options({ epochs: 5 }));
    const second = train(recipeOf(student, teacher), options());
    await expectKdError(() => second, 'KD_TEACHER_TRAINED', 'the student', 'another training');
    expect((await first).reason).toBe('finished');
    expect((await train(recipeOf(student, teacher), options())).reason).toBe('finished');
  });

  it('cannot learn from each other, unless the teacher is wrapped as one that changes', async () => {
    const [one, other] = [net(1), net(2)];
    const first = train(recipeOf(one, layersTeacher(net(7), { convention })), options({ epochs: 5 }));
    const second = train(recipeOf(other, layersTeacher(one, { convention })), options());
    const third = train(recipeOf(net(3), onlineTeacher(one, { convention })), options());
    await expectKdError(() => second, 'KD_TEACHER_TRAINED', 'the teacher', 'another training');
    expect((await Promise.all([first, third])).map(({ reason }) => reason)).toEqual(['finished', 'finished']);
  });
});
