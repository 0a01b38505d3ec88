// The fused steps of TensorFlow compared with PyTorch, if tfjs-node is installed: the golden cases that have
// one.
import { expectClose } from '@kd/testing';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { dispose, memory, profile, scalar, setBackend } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { golden, nameOf } from '../test/golden.js';
import { bitsOf, makeSteps, twoVariables } from '../test/steps.js';
import { makeStep, numbersOf, optimizerOf, startingWeights } from '../test/replay.js';
import { adam, sgd } from './index.js';

const isInstalled = await hasTensorflow();
const tolerance = { relative: 1e-6, absolute: 3e-6 };

describe.skipIf(!isInstalled)('on tfjs-node', () => {
  it.each(golden.cases.map((one) => [nameOf(one), one] as const))('%s: as in PyTorch', async (_, one) => {
    await setBackend('tensorflow');
    const weights = startingWeights();
    const optimizer = optimizerOf(one);
    for (let step = 0; step < 50; step++) makeStep(one, optimizer, weights, step);
    for (const [name, expected] of Object.entries(one.weights[50] ?? {})) {
      expectClose(numbersOf(weights)[name] as number[], expected, tolerance);
    }
    const named = Object.entries(weights).map(([name, variable]) => ({ name, variable }));
    const { tensors } = optimizer.getState(named);
    for (const [name, expected] of Object.entries(one.slots)) {
      const absolute = 1e-6 * Math.max(...expected.map(Math.abs));
      // TensorFlow's second moment is too large by a constant factor of up to 3e-5, for which the step
      // corrects.
      expectClose(numbersOf(tensors)[name] as number[], expected, { relative: 3e-5, absolute });
    }
    dispose([...Object.values(weights), ...Object.values(tensors)]);
    optimizer.dispose();
  });

  it('a constant schedule of the momentum, and limits by path, change no bit', async () => {
    await setBackend('tensorflow');
    const [plain, scheduled] = [twoVariables(), twoVariables()];
    const options = { learningRate: 0.1, nesterov: true };
    const optimizer = sgd({ ...options, momentum: () => 0.9, maxNorm: { a: 1, 'a/b': 1.5 } });
    optimizer.setNames(scheduled.map((one, index) => ({ name: `a/b/${String(index)}`, variable: one })));
    makeSteps(sgd({ ...options, momentum: 0.9, maxNorm: 1.5 }), plain, [0, 1, 2, 3]);
    makeSteps(optimizer, scheduled, [0, 1, 2, 3]);
    expect(bitsOf(scheduled)).toEqual(bitsOf(plain));
    dispose([...plain, ...scheduled]);
  });

  it.each([
    ['adam', 'ResourceApplyAdam', () => adam()],
    ['sgd with momentum', 'ResourceApplyMomentum', () => sgd({ learningRate: 0.1, momentum: 0.9 })],
    [
      'sgd with momentum on a schedule',
      'ResourceApplyMomentum',
      () => sgd({ learningRate: 0.1, momentum: ({ step }) => step / (step + 1) }),
    ],
    [
      'sgd with nesterov',
      'ResourceApplyMomentum',
      () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    ],
  ] as const)('%s is one kernel per variable, and leaks nothing', async (_, kernel, make) => {
    await setBackend('tensorflow');
    const optimizer = make();
    const weight = scalar(1).variable();
    const gradient = scalar(0.5);
    const step = (): void => {
      optimizer.applyGradients([{ name: weight.name, tensor: gradient }]);
    };
    step();
    const before = memory().numTensors;
    const { kernelNames } = await profile(() => {
      step();
      return gradient;
    });
    expect(kernelNames).toEqual([kernel]);
    expect(memory().numTensors).toBe(before);
    const copy = weight.clone();
    const [value] = copy.dataSync();
    step();
    expect(copy.dataSync()[0]).toBe(value);
    expect(weight.dataSync()[0]).not.toBe(value);
    copy.dispose();
  });
});
