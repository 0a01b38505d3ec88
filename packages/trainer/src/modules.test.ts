import type { Module, Term, TermBatch } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { add, fill, mean, square, sub, tidy, train as optimizers, variable } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { examples, net, onLabels, options, recorder, values } from '../test/small.js';
import { train } from './index.js';

await useBackend('cpu');

/** A module of one trained number, and one that the term writes after each step. */
function shift(): {
  module: Module;
  states: { trained: Variable; bank: Variable }[];
  contexts: object[];
  disposed: () => number;
} {
  const states: { trained: Variable; bank: Variable }[] = [];
  const contexts: object[] = [];
  let disposed = 0;
  const module: Module = {
    name: 'shift',
    build: ({ seed, datasetSize }) => {
      contexts.push({ seed, datasetSize });
      const number = (value: number, trainable: boolean): Variable =>
        tidy(() => variable(fill([1], value), trainable));
      const [trained, bank] = [number(5, true), number(0, false)];
      states.push({ trained, bank });
      return {
        trainable: { shift: trained },
        buffers: { bank },
        dispose: () => {
          disposed += 1;
          trained.dispose();
          bank.dispose();
        },
      };
    },
  };
  return { module, states, contexts, disposed: () => disposed };
}

describe('a term with a module', () => {
  it('trains it with the student, and updates it after each step', async () => {
    const { module, states, contexts, disposed } = shift();
    const after: { shift: number; bank: number; seen: number[]; same: boolean }[] = [];
    let inLoss: TermBatch | undefined;
    const term: Term = {
      apiVersion: 1,
      name: 'shifted',
      reduces: 'example',
      modules: [module],
      loss: (batch) => {
        inLoss = batch;
        const { shift: trained } = batch.modules['shift']?.trainable ?? {};
        return {
          values: mean(square(add(sub(batch.student.output, batch.student.output), trained as Tensor)), -1),
        };
      },
      afterStep: (batch) => {
        const { trainable = {}, buffers = {} } = batch.modules['shift'] ?? {};
        const bank = buffers['bank'] as Variable;
        bank.assign(add(bank, 1));
        after.push({
          shift: values(trainable['shift'])[0] ?? NaN,
          bank: values(bank)[0] ?? NaN,
          seen: values(batch.student.output),
          same: batch.batch.ids === inLoss?.batch.ids && batch.time.step === inLoss?.time.step,
        });
      },
    };
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
    expect(after.map(({ bank, seen, same }) => [bank, seen.length, same])).toEqual([
      [1, 12, true],
      [2, 12, true],
    ]);
    expect(of('start')[0]?.parameters).toBe(2 * 4 + 4 + 4 * 3 + 3 + 1);
    expect([states.length, disposed()]).toEqual([1, 1]);
    expect(contexts).toEqual([{ seed: expect.any(Number) as number, datasetSize: 8 }]);
  });

  it("builds it from a seed that depends on the run's seed", async () => {
    const seedWith = async (seed: number): Promise<unknown> => {
      const { module, contexts } = shift();
      const term = { ...hardTarget(), modules: [module] };
      const model = net();
      const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [term] });
      // The module is not used: nothing reaches its variable.
      await expectKdError(
        () => train(recipe, options(examples(8), { seed })),
        'KD_GRADIENT_UNAVAILABLE',
        'no gradient for shift/shift',
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
