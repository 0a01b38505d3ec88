import '@tensorflow/tfjs-layers';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { dispose, scalar, tensor, train as ofTfjs, variable } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { everyOptimizer } from '../test/every-optimizer.js';
import { bitsOf, makeSteps, twoVariables } from '../test/steps.js';
import { adam, sgd } from './index.js';

beforeAll(() => useBackend('cpu'));

const copiesOf = (variables: readonly Variable[]): Variable[] => variables.map((each) => variable(each));

describe.each(everyOptimizer)('getWeights and setWeights of %s', (_, make) => {
  it('resume with other variables in the same order, bit for bit', async () => {
    const [optimizer, variables] = [make(), twoVariables()];
    makeSteps(optimizer, variables, [0, 1, 2]);
    const fresh = make();
    await fresh.setWeights(await optimizer.getWeights());
    const copies = copiesOf(variables);
    makeSteps(optimizer, variables, [3, 4]);
    makeSteps(fresh, copies, [3, 4]);
    expect(bitsOf(copies)).toEqual(bitsOf(variables));
    expect(fresh.iterations).toBe(5);
  });

  it('resume with the same variables in another order, bit for bit', async () => {
    const [optimizer, variables] = [make(), twoVariables()];
    makeSteps(optimizer, variables, [0, 1, 2]);
    const fresh = make();
    await fresh.setWeights(await optimizer.getWeights());
    const start = copiesOf(variables);
    makeSteps(optimizer, variables, [3, 4]);
    const once = bitsOf(variables);
    variables.forEach((each, index) => {
      each.assign(start[index] as Variable);
    });
    makeSteps(fresh, [...variables].reverse(), [3, 4]);
    expect(bitsOf(variables)).toEqual(once);
  });

  it('return what was set, before any step', async () => {
    const [optimizer, variables] = [make(), twoVariables()];
    makeSteps(optimizer, variables, [0, 1]);
    const list = await optimizer.getWeights();
    const fresh = make();
    await fresh.setWeights(list);
    const again = await fresh.getWeights();
    expect(again.map(({ name }) => name)).toEqual(list.map(({ name }) => name));
    expect(bitsOf(again.map((each) => each.tensor))).toEqual(bitsOf(list.map((each) => each.tensor)));
  });

  it('leak nothing, although tfjs frees nothing that it receives', () =>
    expectNoLeak(async () => {
      const [optimizer, variables] = [make(), twoVariables()];
      makeSteps(optimizer, variables, [0]);
      await optimizer.getWeights();
      const list = await optimizer.getWeights();
      const fresh = make();
      await fresh.setWeights(list);
      await fresh.setWeights(list);
      makeSteps(fresh, variables, [1]);
      optimizer.dispose();
      fresh.dispose();
      dispose(variables);
    }));

  it('before the first step show that nothing was accumulated', async () => {
    const [optimizer, fresh] = [make(), make()];
    const [variables, others] = [twoVariables(), twoVariables()];
    await optimizer.setWeights(await make().getWeights());
    makeSteps(optimizer, variables, [0, 1]);
    makeSteps(fresh, others, [0, 1]);
    expect(bitsOf(variables)).toEqual(bitsOf(others));
  });
});

describe('a list of another optimizer', () => {
  const momentum = () => sgd({ momentum: 0.9 });
  it('is refused at once if it is of tfjs or of another kind', async () => {
    const variables = twoVariables();
    const [own, other] = [momentum(), ofTfjs.adam(0.1)];
    makeSteps(own, variables, [0]);
    makeSteps(other, variables, [0]);
    const lists = [await other.getWeights(), [], (await own.getWeights()).slice(0, 3)];
    for (const list of lists) {
      await expectKdError(
        () => momentum().setWeights(list),
        'KD_STATE_MISMATCH',
        'sgd.setWeights',
        'weightValues',
      );
    }
    for (const optimizer of [sgd(), adam()]) {
      await expectKdError(
        async () => optimizer.setWeights(await own.getWeights()),
        'KD_STATE_MISMATCH',
        '/momentumBuffer',
      );
    }
  });

  it('is refused if it counts no steps', async () => {
    const list = [
      { name: 'iter', tensor: scalar(-1, 'int32') },
      { name: 'steps', tensor: tensor([0], [1], 'int32') },
    ];
    await expectKdError(() => sgd().setWeights(list), 'KD_STATE_MISMATCH', '-1');
  });

  it('is refused in the next step if it is of another model, and nothing moves', async () => {
    const variables = twoVariables();
    const own = momentum();
    makeSteps(own, variables, [0]);
    const before = bitsOf(variables);
    const fresh = momentum();
    await fresh.setWeights(await own.getWeights());
    const [kernel, bias] = variables;
    const others = [variable(bias), variable(kernel)];
    for (const [wrong, part] of [
      [[variable(kernel)], '1'],
      [others, 'a float32 tensor [2,2]'],
    ] as const) {
      const start = bitsOf(wrong);
      await expectKdError(
        () => {
          makeSteps(fresh, wrong, [1]);
        },
        'KD_STATE_MISMATCH',
        'sgd.setWeights',
        part,
      );
      expect(bitsOf(wrong)).toEqual(start);
    }
    expect(bitsOf(variables)).toEqual(before);
  });

  it('has no names for getState before a step', async () => {
    const variables = twoVariables();
    const own = momentum();
    makeSteps(own, variables, [0]);
    const fresh = momentum();
    await fresh.setWeights(await own.getWeights());
    await expectKdError(() => fresh.getState(), 'KD_STATE_MISMATCH', 'sgd.getState', 'before a step');
    makeSteps(fresh, variables, [1]);
    expect(fresh.getState().numbers['steps']).toBe(2);
  });
});
