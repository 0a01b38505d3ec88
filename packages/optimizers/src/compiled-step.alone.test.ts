// The steps of all optimizers as functions of TensorFlow, if tfjs-node's addon has functions.
import { stepFunctions } from '@kd/core';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { handles, withCalls } from '@kd/testing/step-functions';
import { dispose, memory, mul, setBackend, tidy } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { everyOptimizer } from '../test/every-optimizer.js';
import type { AnyOptimizer } from '../test/every-optimizer.js';
import { bitsOf, makeSteps, twoVariables } from '../test/steps.js';
import { adam, sgd } from './index.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;
const times = [0, 1, 2, 3, 4, 5, 6, 7];

/** The state of an optimizer by name, as numbers. */
function stateOf(optimizer: AnyOptimizer, variables: readonly Variable[]): unknown[] {
  const { tensors } = optimizer.getState(
    variables.map((variable, index) => ({ name: String(index), variable })),
  );
  const numbers = Object.entries(tensors).map(([name, tensor]) => [name, Array.from(tensor.dataSync())]);
  dispose(tensors);
  return numbers;
}

describe.skipIf(!isInstalled)('a compiled step', () => {
  beforeAll(() => setBackend('tensorflow'));

  it.each(everyOptimizer)('of %s has the bits of the eager one', async (_, make) => {
    const [eager, compiled] = [twoVariables(), twoVariables()];
    const [one, other] = [make(), make()];
    one.setCompile('never');
    makeSteps(one, eager, times);
    const calls = await withCalls(() => { makeSteps(other, compiled, times); }); // prettier-ignore
    expect(calls).toBeGreaterThan(times.length - 4);
    expect(bitsOf(compiled)).toEqual(bitsOf(eager));
    expect(stateOf(other, compiled)).toEqual(stateOf(one, eager));
    for (const optimizer of [one, other]) optimizer.dispose();
    expect(bitsOf(compiled)).toEqual(bitsOf(eager));
    dispose([...eager, ...compiled]);
  });

  it.each(everyOptimizer)('of %s sees what happens to weights and state between two steps', (_, make) => {
    const both = [twoVariables(), twoVariables()] as const;
    const optimizers = [make(), make()] as const;
    optimizers[0].setCompile('never');
    const step = (time: number): void => {
      both.forEach((variables, index) => { makeSteps(optimizers[index] as AnyOptimizer, variables, [time]); }); // prettier-ignore
    };
    for (const time of times) {
      step(time);
      // Reading must not show what was before the step, and must not be seen by it.
      expect(bitsOf(both[1]), String(time)).toEqual(bitsOf(both[0]));
    }
    const clones = both[1].map((variable) => variable.clone());
    const kept = bitsOf(clones);
    step(8);
    step(9);
    expect(bitsOf(clones)).toEqual(kept);
    for (const [variable] of both) tidy(() => { variable.assign(mul(variable, 0.5)); }); // prettier-ignore
    step(10);
    expect(bitsOf(both[1])).toEqual(bitsOf(both[0]));
    for (const [index, optimizer] of optimizers.entries()) {
      const named = both[index]?.map((variable, at) => ({ name: String(at), variable })) ?? [];
      const state = optimizer.getState(named);
      makeSteps(optimizer, both[index] ?? [], [11, 12]);
      optimizer.setState(state, named);
      dispose(state.tensors);
    }
    for (const time of [13, 14, 15, 16]) step(time);
    expect(bitsOf(both[1])).toEqual(bitsOf(both[0]));
    dispose([...both.flat(), ...clones]);
    for (const optimizer of optimizers) optimizer.dispose();
  });

  it('leaves a variable out that has no gradient, and takes it in again', () => {
    const both = [twoVariables(), twoVariables()] as const;
    const optimizers = [adam(), adam()] as const;
    optimizers[0].setCompile('never');
    for (let time = 0; time < 12; time++) {
      both.forEach((variables, index) => {
        // One has taken more steps than the other, so that their coefficients differ.
        makeSteps(optimizers[index] as AnyOptimizer, time % 4 === 3 ? [variables[0]] : variables, [time]);
      });
    }
    expect(bitsOf(both[1])).toEqual(bitsOf(both[0]));
    dispose(both.flat());
    for (const optimizer of optimizers) optimizer.dispose();
  });

  it('holds as many tensors and handles after a thousand steps as after eight, and none when disposed', () => {
    for (const make of [() => adam(), () => sgd({ momentum: 0.9, clipNorm: 1 })]) {
      const before = [memory().numTensors, handles()];
      const variables = twoVariables();
      const optimizer = make();
      makeSteps(optimizer, variables, times);
      const early = [memory().numTensors, handles()];
      makeSteps(
        optimizer,
        variables,
        Array.from({ length: 1000 }, (_, time) => time),
      );
      expect([memory().numTensors, handles()]).toEqual(early);
      optimizer.dispose();
      dispose(variables);
      expect([memory().numTensors, handles()]).toEqual(before);
    }
  });
});
