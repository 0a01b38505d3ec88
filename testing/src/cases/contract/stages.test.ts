// What stages do with the modules of their terms.
import '@tensorflow/tfjs-backend-cpu';
import type { Module, Term } from '@kd/core';
import { trainStages } from '@kd/trainer';
import type { Stage } from '@kd/trainer';
import { add, mean, mul, setBackend, square, sub, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  data,
  distance,
  matching,
  numbersOf,
  scale,
  scaled,
  scaleOf,
  since,
  student,
  teacher,
  valueOf,
} from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

const stage = (name: string, term: Term, more: Partial<Stage> = {}): Stage => ({
  name,
  terms: [term],
  epochs: 1,
  optimizer: adam,
  ...more,
});

describe('a stage that trains only a module', () => {
  // A paraphraser (factor transfer, overhaul of feature distillation) learns from the teacher's features,
  // without the student.
  const paraphrase = (module: Module): Term =>
    matching({
      name: 'paraphrase',
      usesOutputs: false,
      taps: { teacher: ['wide_hidden'] },
      modules: [module],
      loss: (batch) => {
        const hidden = batch.teacher?.taps[0] as Tensor;
        return { values: distance(mul(hidden, scaleOf(batch)), hidden) };
      },
    });
  const trained = async (more: Partial<Stage>): Promise<string> => {
    const { module, ends } = scale(0.5);
    const learner = student();
    const before = numbersOf(learner.model);
    const stages = [stage('paraphraser', paraphrase(module), more)];
    const { reason } = await trainStages({ student: learner, teacher: teacher(), stages }, { data });
    return `${reason}, student ${since(before, learner.model)}, module ${ends[0] === 0.5 ? 'same' : 'moved'}`;
  };

  it.fails('01 trains it if no layer of the student learns', async () => {
    expect(await outcome(() => trained({ trainable: [] }))).toBe('finished, student same, module moved');
  });

  it('01 refuses layers that its loss does not reach, and names the option that excludes them', async () => {
    expect(await outcome(() => trained({}))).toMatch(/^KD_GRADIENT_UNAVAILABLE: .* option trainable/);
  });
});

describe('a module in two stages', () => {
  const values: { end?: number; start?: number } = {};
  const { module } = scale();
  const first = scaled(module, { afterStep: (batch) => void (values.end = valueOf(scaleOf(batch))) });
  const plain = scaled(module);
  const second = scaled(module, {
    loss: (batch) => {
      values.start ??= valueOf(scaleOf(batch));
      return plain.loss(batch);
    },
  });
  beforeAll(async () => {
    const stages = [stage('one', first, { epochs: 3 }), stage('two', second)];
    await trainStages({ student: student(), teacher: teacher(), stages }, { data });
  });

  it('02 is trained in the first', () => {
    expect(values.end).toBeGreaterThan(0);
    expect(values.end).not.toBe(1);
    expect(values.start).toBeGreaterThan(0);
  });

  it.fails('02 continues in the second where the first ended', () => {
    expect(values.start).toBe(values.end);
  });
});

describe('a module of a stage that is judged by its losses', () => {
  const { module, ends } = scale(0);
  const afterEpochs: number[] = [];
  // The number moves towards 10, yet each later epoch is worse than the first.
  const term = scaled(module, {
    loss: (batch) => {
      const off = square(sub(scaleOf(batch), 10));
      return { values: add(mul(mean(batch.student.output, -1), 0), add(off, 1000 * batch.time.epoch)) };
    },
    afterStep: (batch) => void (afterEpochs[batch.time.epoch] = valueOf(scaleOf(batch))),
  });

  let best: number | undefined;
  beforeAll(async () => {
    const more = {
      epochs: 3,
      optimizer: () => optimizers.sgd(0.05),
      earlyStopping: { metrics: 'losses' },
    } as const;
    const definition = { student: student(), teacher: teacher(), stages: [stage('one', term, more)] };
    const { stages } = await trainStages(definition, { data, batchSize: 16, validation: { data } });
    best = stages[0]?.bestEpoch;
  });

  it('23 moves in each epoch, and the first epoch is the best', () => {
    expect(best).toBe(0);
    expect(new Set(afterEpochs).size).toBe(3);
    expect(ends).toHaveLength(1);
  });

  it.fails('23 ends with its state after the best epoch', () => {
    expect(ends[0]).toBe(afterEpochs[0]);
  });
});
