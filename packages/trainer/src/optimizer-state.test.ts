import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { clone, dispose, tensor, train as optimizers, variable } from '@tensorflow/tfjs-core';
import type { Optimizer, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerState } from '@kd/core';
import { describe, expect, it } from 'vitest';
import { damaged } from '../test/damaged.js';
import { checkOptimizerState, optimizerState, restoreOptimizer } from './optimizer-state.js';

await useBackend('cpu');

const makers: [string, () => Optimizer][] = [
  ['sgd', () => optimizers.sgd(0.1)],
  ['momentum', () => optimizers.momentum(0.1, 0.9, true)],
  ['rmsprop', () => optimizers.rmsprop(0.01, 0.9, 0.5)],
  ['centred rmsprop', () => optimizers.rmsprop(0.01, 0.9, 0.5, 1e-8, true)],
  ['adagrad', () => optimizers.adagrad(0.1)],
  ['adadelta', () => optimizers.adadelta(1)],
  ['adam', () => optimizers.adam(0.01)],
  ['adamax', () => optimizers.adamax(0.01)],
];
const named = (variables: readonly Variable[]): { name: string; variable: Variable }[] =>
  variables.map((each, index) => ({ name: ['kernel', 'bias'][index] ?? '', variable: each }));

function step(optimizer: Optimizer, variables: readonly Variable[], time: number): void {
  const gradients = variables.map(({ name }, index) => ({ name, tensor: tensor([1 + time, -2 - index]) }));
  optimizer.applyGradients(gradients);
  dispose(gradients.map((gradient) => gradient.tensor));
}
const without = <T>(entries: Readonly<Record<string, T>>, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name));
const start = (): Variable[] => [variable(tensor([1, 2])), variable(tensor([3, 4]))];
const numbers = (variables: readonly Variable[]): number[] =>
  variables.flatMap((each) => Array.from(each.dataSync()));

describe.each(makers)('the state of %s', (_, make) => {
  it('gives a fresh optimizer the same steps, bit for bit', () => {
    const [optimizer, variables] = [make(), start()];
    for (let time = 0; time < 5; time++) step(optimizer, variables, time);
    const { tensors: kept, numbers: fields } = optimizerState(optimizer, named(variables));
    const copies = variables.map((each) => variable(clone(each)));
    const fresh = make();
    restoreOptimizer(fresh, named(copies), { tensors: kept, numbers: fields }, 5, damaged);
    expect(Reflect.get(fresh, 'iterations')).toBe(Reflect.get(optimizer, 'iterations'));
    for (let time = 5; time < 9; time++) {
      step(optimizer, variables, time);
      step(fresh, copies, time);
      expect(numbers(copies)).toEqual(numbers(variables));
    }
    // Without it the steps differ, so the test would notice a missing part.
    if (Object.keys(kept).length === 0) return;
    const again = start();
    const empty = make();
    for (let time = 5; time < 9; time++) step(empty, again, time);
    expect(numbers(again)).not.toEqual(numbers(variables));
  });

  it('is read and restored without leaking a tensor', () => {
    const variables = start();
    const optimizer = make();
    step(optimizer, variables, 1);
    return expectNoLeak(() => {
      const fresh = make();
      const state = optimizerState(optimizer, named(variables));
      restoreOptimizer(fresh, named(variables), state, 1, damaged);
      dispose(Object.values(state.tensors));
      fresh.dispose();
      // Scalars that its own dispose forgets.
      if ('m' in fresh && 'c' in fresh) dispose([fresh.m, fresh.c] as Variable[]);
    });
  });

  it('is known', () => {
    checkOptimizerState('test', make());
  });

  it('before the first step equals that of a fresh optimizer', () => {
    const state = optimizerState(make(), named(start()));
    restoreOptimizer(make(), named(start()), state, 0, damaged);
  });

  it('is refused without any of its parts, and nothing changes', async () => {
    const [optimizer, variables] = [make(), start()];
    step(optimizer, variables, 1);
    const { tensors, numbers: counts } = optimizerState(optimizer, named(variables));
    const fresh = make();
    const before = JSON.stringify(optimizerState(fresh, named(variables)).numbers);
    const refused = (state: OptimizerState, part: string, steps = 1): Promise<void> =>
      expectKdError(
        () => {
          restoreOptimizer(fresh, named(variables), state, steps, damaged);
        },
        'KD_CHECKPOINT_DAMAGED',
        'weights of the checkpoint kept',
        part,
      );
    for (const name of Object.keys(tensors)) {
      await refused({ numbers: counts, tensors: without(tensors, name) }, name);
      const other = tensor([1, 2, 3]);
      await refused({ numbers: counts, tensors: { ...tensors, [name]: other } }, 'a float32 tensor [3]');
    }
    for (const name of Object.keys(counts).filter((key) => key !== 'iterations_'))
      await refused({ tensors, numbers: without(counts, name) }, name);
    await refused({ tensors, numbers: { ...counts, applyGradients: 1 } }, 'applyGradients');
    await refused({ tensors: { ...tensors, other: tensor(1) }, numbers: counts }, 'other');
    await refused({ tensors, numbers: without(counts, 'iterations_') }, 'one of 0 steps');
    await refused({ tensors, numbers: counts }, 'one of 1 steps', 2);
    expect(JSON.stringify(optimizerState(fresh, named(variables)).numbers)).toBe(before);
  });
});

describe('an optimizer of another kind', () => {
  it.each([{}, { applyGradients: () => undefined, getClassName: () => 'Adam' }])(
    'is refused: %j',
    (optimizer) =>
      expectKdError(
        () => {
          checkOptimizerState('test', optimizer as never);
        },
        'KD_OPTION_TYPE',
        'test',
        'what the option optimizer returns',
      ),
  );
});
