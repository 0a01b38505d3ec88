import { defineModule, defineTerm } from '@kd/core';
import type { Module, Term } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { add, fill, mean, square, sub, train as optimizers, variable } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { examples, net, onLabels, options, recorder, values } from '../test/small.js';
import { train } from './index.js';

await useBackend('cpu');

/** A module of one trained number, and one that the term writes after each step. */
function shift(): {
  module: Module<{ trained: Variable; bank: Variable }>;
  states: { trained: Variable; bank: Variable }[];
  contexts: object[];
} {
  const states: { trained: Variable; bank: Variable }[] = [];
  const contexts: object[] = [];
  const module = defineModule({
    name: 'shift',
    reads: {},
    build: ({ seed, datasetSize }) => {
      contexts.push({ seed, datasetSize });
      const parts = { trained: variable(fill([1], 5)), bank: variable(fill([1], 0), false) };
      states.push(parts);
      return parts;
    },
  });
  return { module, states, contexts };
}

describe('a term with a module', () => {
  it('trains it with the student, and updates it after each step', async () => {
    const { module, states, contexts } = shift();
    const after: { shift: number; bank: number; seen: number[] }[] = [];
    const term = defineTerm({
      name: 'shifted',
      reads: { student: { output: { as: 'logits' } } },
      modules: { own: module },
      loss: ({ student: { output }, modules }) => ({
        values: mean(square(add(sub(output, output), modules.own.trained)), -1),
        carry: { output },
      }),
      afterStep: ({ modules: { own }, carry }) => {
        own.bank.assign(add(own.bank, 1));
        after.push({
          shift: values(own.trained)[0] ?? NaN,
          bank: values(own.bank)[0] ?? NaN,
          seen: values(carry.output),
        });
      },
    });
    const { of, onEvent } = recorder();
    await expectNoLeak(async () => {
      const model = net();
      const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget(), term] });
      await train(recipe, options(examples(8), { onEvent, optimizer: () => optimizers.sgd(0.1), seed: 3 }));
      model.dispose();
    });
    // The loss is shift^2: 5 -> 5 - 0.1 * 10 = 4 -> 3.2.
    expectClose(
      after.map((each) => each.shift),
      [4, 3.2],
      { relative: 1e-6, absolute: 0 },
    );
    expectClose(
      of('step').map(({ losses }) => losses['shifted'] ?? NaN),
      [25, 16],
      { relative: 1e-6, absolute: 0 },
    );
    expect(after.map(({ bank, seen }) => [bank, seen.length])).toEqual([
      [1, 12],
      [2, 12],
    ]);
    expect(of('start')[0]?.parameters).toBe(2 * 4 + 4 + 4 * 3 + 3 + 1);
    expect(states.map(({ trained, bank }) => [trained.isDisposed, bank.isDisposed])).toEqual([[true, true]]);
    expect(contexts).toEqual([{ seed: expect.any(Number) as number, datasetSize: 8 }]);
  });

  it("builds it from a seed that depends on the run's seed", async () => {
    const seedWith = async (seed: number): Promise<unknown> => {
      const { module, contexts } = shift();
      const term: Term = { ...hardTarget(), modules: { module } };
      const model = net();
      const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [term] });
      // The module is not used: nothing reaches its variable.
      await expectKdError(
        () => train(recipe, options(examples(8), { seed })),
        'KD_GRADIENT_UNAVAILABLE',
        'no gradient for shift/trained',
      );
      return contexts[0];
    };
    expect(await seedWith(1)).toEqual(await seedWith(1));
    expect(await seedWith(1)).not.toEqual(await seedWith(2));
  });

  it('gets its weight from a schedule of steps and epochs', async () => {
    const times: object[] = [];
    const term: Term = {
      ...hardTarget(),
      weight: (time) => {
        times.push({ ...time });
        return 1 / (1 + time.step);
      },
    };
    const { of, onEvent } = recorder();
    const model = net();
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [term] });
    await train(recipe, options(examples(8), { epochs: 2, onEvent }));
    expect(times).toEqual([
      { step: 0, epoch: 0 },
      { step: 1, epoch: 0 },
      { step: 2, epoch: 1 },
      { step: 3, epoch: 1 },
    ]);
    expect(of('step').map(({ weights }) => weights['hard'])).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
    for (const { total, losses, weights } of of('step'))
      expect(total).toBeCloseTo((losses['hard'] ?? NaN) * (weights['hard'] ?? NaN), 5);
  });

  it('leaks nothing if its afterStep throws', async () => {
    const model = net();
    const term: Term = {
      ...hardTarget(),
      afterStep: () => {
        throw new Error('bank is full');
      },
    };
    await expectNoLeak(() =>
      expect(
        train(
          defineRecipe({ student: { model, convention: 'logits' }, terms: [term] }),
          options(examples(8)),
        ),
      ).rejects.toThrow('bank is full'),
    );
    await train(onLabels(model), options(examples(8)));
  });
});
