// PyTorch's results for the same gradients in 50 steps: weights on the way, and slots at the end.
import { backends, expectClose, useBackend } from '@kd/testing';
import { dispose } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { golden, nameOf } from '../test/golden.js';
import { makeStep, numbersOf, optimizerOf, startingWeights } from '../test/replay.js';

// A few float32 roundings in 50 steps.
const tolerance = { relative: 1e-6, absolute: 3e-6 };

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(golden.cases.map((one) => [nameOf(one), one] as const))('%s', (_, one) => {
    const weights = startingWeights();
    const optimizer = optimizerOf(one);
    for (let step = 0; step < 50; step++) {
      makeStep(one, optimizer, weights, step);
      for (const [name, expected] of Object.entries(one.weights[step + 1] ?? {})) {
        expectClose(numbersOf(weights)[name] as number[], expected, tolerance);
      }
    }
    const named = Object.entries(weights).map(([name, variable]) => ({ name, variable }));
    const { tensors } = optimizer.getState(named);
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(one.slots).sort());
    for (const [name, expected] of Object.entries(one.slots)) {
      // Slots of tiny gradients are far below any fixed bound.
      const absolute = 1e-6 * Math.max(...expected.map(Math.abs));
      // TensorFlow's second moment is too large by a constant factor of up to 3e-5, for which the step
      // corrects.
      const relative = backend === 'tensorflow' ? 3e-5 : 1e-6;
      expectClose(numbersOf(tensors)[name] as number[], expected, { relative, absolute });
    }
    dispose([...Object.values(weights), ...Object.values(tensors)]);
    optimizer.dispose();
  });
});

describe('the golden cases', () => {
  it.each(golden.cases.map((one) => [nameOf(one), one] as const))(
    'move the weights visibly: %s',
    (_, one) => {
      for (const [name, expected] of Object.entries(one.weights[50] ?? {})) {
        const moved = expected.map((value, index) => Math.abs(value - (golden.start[name]?.[index] ?? NaN)));
        expect(Math.max(...moved)).toBeGreaterThan(1e-3);
      }
    },
  );
});
