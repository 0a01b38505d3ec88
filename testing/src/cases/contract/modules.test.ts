// What training does with the modules of its terms.
import '@tensorflow/tfjs-backend-cpu';
import type { Module } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import { setBackend } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { adam, data, matching, numbersOf, scale, scaled, since, student, teacher } from '../nets.js';
import { outcome } from '../outcome.js';

await setBackend('cpu');

describe('a module made of layers', () => {
  const trained = async (): Promise<string> => {
    const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] });
    const before = numbersOf(model);
    let end = '';
    const build: Module['build'] = () => {
      const [kernel, bias] = model.trainableWeights as unknown as Variable[];
      const dispose = (): void => {
        end = since(before, model);
        model.dispose();
      };
      return { trainable: { kernel, bias } as Record<string, Variable>, buffers: {}, dispose };
    };
    const term = matching({
      modules: [{ name: 'regressor', build }],
      loss: (batch) => {
        const output = model.apply(batch.student.output) as Tensor;
        return matching().loss({ ...batch, student: { ...batch.student, output } });
      },
    });
    const recipe = defineRecipe({ student: student(), teacher: teacher(), terms: [term] });
    const { reason } = await train(recipe, { data, epochs: 1, optimizer: adam });
    return `${reason}, layers ${end}`;
  };

  it.fails('08 learns', async () => {
    expect(await outcome(trained)).toBe('finished, layers moved');
  });
});

describe('a module, by its name,', () => {
  const trained = async (more: Partial<TrainOptions>): Promise<string> => {
    const { module, ends } = scale();
    const learner = student();
    const before = numbersOf(learner.model);
    const recipe = defineRecipe({ student: learner, teacher: teacher(), terms: [scaled(module)] });
    const run = await train(recipe, { data, epochs: 1, optimizer: adam, ...more });
    const { modules = {} } = run as { readonly modules?: object };
    const end = ends[0] === 1 ? 'same' : 'moved';
    return `student ${since(before, learner.model)}, module ${end}, kept ${Object.keys(modules).join() || 'none'}`;
  };

  it('learns with the student', async () => {
    expect(await outcome(() => trained({}))).toBe('student moved, module moved, kept none');
  });

  it.fails('09 has a learning rate', async () => {
    expect(await outcome(() => trained({ learningRateMultipliers: { scale: 0 } }))).toBe(
      'student moved, module same, kept none',
    );
  });

  it.fails('09 can be chosen to learn', async () => {
    expect(await outcome(() => trained({ trainable: ['scale'] }))).toBe(
      'student same, module moved, kept none',
    );
  });

  it.fails('18 is kept for the caller', async () => {
    const keep = { keep: ['scale'] } as Partial<TrainOptions>;
    expect(await outcome(() => trained(keep))).toMatch(/^student moved, .* kept scale$/);
  });
});
