import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { dispose, tensor, variable } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptimizerState } from '@kd/core';
import { everyOptimizer } from '../test/every-optimizer.js';
import { bitsOf, makeSteps, twoVariables } from '../test/steps.js';
import { adam, rmsprop, sgd } from './index.js';

beforeAll(() => useBackend('cpu'));

const named = (
  variables: readonly Variable[],
  names = ['kernel', 'bias'],
): { name: string; variable: Variable }[] =>
  variables.map((each, index) => ({ name: names[index] ?? '', variable: each }));
const copiesOf = (variables: readonly Variable[]): Variable[] => variables.map((each) => variable(each));

describe.each(everyOptimizer)('the state of %s', (_, make) => {
  it('resumes in a fresh optimizer bit for bit, whatever the order of the variables', () => {
    const [optimizer, variables] = [make(), twoVariables()];
    makeSteps(optimizer, variables, [0, 1, 2]);
    const state = optimizer.getState(named(variables));
    const copies = copiesOf(variables);
    const fresh = make();
    fresh.setState(state, named(copies).reverse());
    dispose(Object.values(state.tensors));
    expect(fresh.iterations).toBe(3);
    makeSteps(optimizer, variables, [3, 4, 5]);
    makeSteps(fresh, copies.reverse(), [3, 4, 5]);
    expect(bitsOf(copies.reverse())).toEqual(bitsOf(variables));
  });

  it('is a copy, which later steps do not change', () => {
    const [optimizer, variables] = [make(), twoVariables()];
    makeSteps(optimizer, variables, [0, 1]);
    const state = optimizer.getState();
    const before = bitsOf(Object.values(state.tensors));
    const start = copiesOf(variables);
    makeSteps(optimizer, variables, [2, 3]);
    const once = bitsOf(variables);
    expect(bitsOf(Object.values(state.tensors))).toEqual(before);
    // Back in time, in the same optimizer.
    variables.forEach((each, index) => {
      each.assign(start[index] as Tensor);
    });
    optimizer.setState(state);
    makeSteps(optimizer, variables, [2, 3]);
    expect(bitsOf(variables)).toEqual(once);
  });

  it('is read and restored without leaking a tensor', () =>
    expectNoLeak(() => {
      const [optimizer, variables] = [make(), twoVariables()];
      makeSteps(optimizer, variables, [0]);
      const state = optimizer.getState();
      optimizer.setState(state);
      const fresh = make();
      fresh.setState(state);
      makeSteps(fresh, variables, [1]);
      fresh.dispose();
      optimizer.dispose();
      dispose([...variables, ...Object.values(state.tensors)]);
    }));

  it('before the first step equals that of a fresh optimizer', () => {
    const [optimizer, fresh] = [make(), make()];
    const [variables, others] = [twoVariables(), twoVariables()];
    optimizer.setState(make().getState(), named(variables));
    makeSteps(optimizer, variables, [0, 1]);
    makeSteps(fresh, others, [0, 1]);
    expect(bitsOf(variables)).toEqual(bitsOf(others));
  });
});

describe('a state', () => {
  it('uses the given names, for everything that was trained', () => {
    const variables = twoVariables();
    const optimizer = adam();
    makeSteps(optimizer, variables, [0, 1]);
    makeSteps(optimizer, variables.slice(0, 1), [2]);
    const { tensors, numbers } = optimizer.getState(named(variables));
    expect(Object.keys(tensors)).toEqual([
      'firstMoment/kernel',
      'secondMoment/kernel',
      'firstMoment/bias',
      'secondMoment/bias',
    ]);
    expect(numbers).toEqual({ steps: 3, 'steps/kernel': 3, 'steps/bias': 2 });
  });

  it('cannot be read for some of the variables only', async () => {
    const variables = twoVariables();
    const optimizer = adam();
    makeSteps(optimizer, variables, [0]);
    await expectKdError(
      () => optimizer.getState(named(variables).slice(0, 1)),
      'KD_STATE_MISMATCH',
      'adam.getState',
      variables[1].name,
    );
    // A disposed variable needs no state.
    variables[1].dispose();
    expect(Object.keys(optimizer.getState(named(variables).slice(0, 1)).numbers)).toEqual([
      'steps',
      'steps/kernel',
    ]);
  });

  it('of a variable that started later keeps its own steps', () => {
    const variables = twoVariables();
    const optimizer = adam({ learningRate: 0.1 });
    const late = variables[1].name;
    optimizer.applyGradients([
      { name: variables[0].name, tensor: tensor([1, 1, 1, 1], [2, 2]) },
      { name: late, tensor: null as never },
    ]);
    expect(optimizer.getState(named(variables)).numbers).toEqual({
      steps: 1,
      'steps/kernel': 1,
      'steps/bias': 0,
    });
  });
});

describe('a state of other weights', () => {
  const kept = (): OptimizerState => {
    const variables = twoVariables();
    const optimizer = adam();
    makeSteps(optimizer, variables, [0]);
    return optimizer.getState(named(variables));
  };
  const without = ({ tensors, numbers }: OptimizerState, key: string): OptimizerState => ({
    tensors: Object.fromEntries(Object.entries(tensors).filter(([name]) => name !== key)),
    numbers: Object.fromEntries(Object.entries(numbers).filter(([name]) => name !== key)),
  });
  const gone = (): Tensor => {
    const value = tensor([1, 2]);
    value.dispose();
    return value;
  };

  it.each<[string, (state: OptimizerState) => OptimizerState, string]>([
    [
      'names another weight',
      ({ tensors, numbers }) => ({ tensors, numbers: { ...numbers, 'steps/other': 1 } }),
      'steps/other',
    ],
    [
      'has another slot',
      ({ tensors, numbers }) => ({ numbers, tensors: { ...tensors, 'speed/bias': tensor([1, 1]) } }),
      'speed/bias',
    ],
    ['lacks a slot', (state) => without(state, 'secondMoment/bias'), 'secondMoment'],
    [
      'counts steps that no weight has taken',
      () => ({ tensors: {}, numbers: { steps: 3 } }),
      'complete with kernel',
    ],
    ['lacks the steps of all', (state) => without(state, 'steps'), 'state'],
    [
      'lacks a weight that learns',
      (state) => without(without(without(state, 'steps/bias'), 'firstMoment/bias'), 'secondMoment/bias'),
      'state',
    ],
    [
      'has another shape',
      ({ tensors, numbers }) => ({ numbers, tensors: { ...tensors, 'firstMoment/bias': tensor([1, 1, 1]) } }),
      'a float32 tensor [3]',
    ],
    [
      'has another dtype',
      ({ tensors, numbers }) => ({
        numbers,
        tensors: { ...tensors, 'firstMoment/bias': tensor([1, 1], [2], 'int32') },
      }),
      'an int32 tensor [2]',
    ],
    [
      'has a disposed tensor',
      ({ tensors, numbers }) => ({ numbers, tensors: { ...tensors, 'firstMoment/bias': gone() } }),
      'a disposed float32 tensor [2]',
    ],
    [
      'counts half a step',
      ({ tensors, numbers }) => ({ tensors, numbers: { ...numbers, 'steps/bias': 0.5 } }),
      '0.5',
    ],
  ])('%s, and nothing changes', async (_, change, part) => {
    const variables = twoVariables();
    const optimizer = adam();
    makeSteps(optimizer, variables, [0, 1]);
    const before = optimizer.getState();
    await expectKdError(
      () => {
        optimizer.setState(change(kept()), named(variables));
      },
      'KD_STATE_MISMATCH',
      'adam.setState',
      part,
      'Put a state back into',
    );
    const after = optimizer.getState();
    expect(after.numbers).toEqual(before.numbers);
    expect(bitsOf(Object.values(after.tensors))).toEqual(bitsOf(Object.values(before.tensors)));
  });

  it.each([
    ['sgd', sgd()],
    ['sgd with momentum', sgd({ momentum: 0.9 })],
    ['rmsprop', rmsprop()],
  ])('is refused by %s', async (_, other) => {
    await expectKdError(
      () => {
        other.setState(kept(), named(twoVariables()));
      },
      'KD_STATE_MISMATCH',
      'firstMoment/kernel',
    );
  });
});
