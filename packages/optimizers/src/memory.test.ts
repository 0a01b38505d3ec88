import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { add, backend as current, dispose, memory, ones, square, sum } from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { everyOptimizer } from '../test/every-optimizer.js';
import { makeSteps, twoVariables } from '../test/steps.js';

describe.each(backends)('on %s', (name) => {
  beforeAll(() => useBackend(name));
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(everyOptimizer)(
    '%s holds the same tensors after every step, and none once it is disposed',
    async (_, make) => {
      await expectNoLeak(() => {
        const [optimizer, variables] = [make(), twoVariables()];
        makeSteps(optimizer, variables, [0]);
        const { numTensors, numBytes } = memory();
        for (let time = 1; time < 20; time++) {
          makeSteps(optimizer, variables, [time]);
          expect(memory()).toMatchObject({ numTensors, numBytes });
        }
        optimizer.dispose();
        optimizer.dispose();
        dispose(variables);
      });
    },
  );

  it.each(everyOptimizer)('%s leaks nothing in minimize', async (_, make) => {
    const [optimizer, variables] = [make(), twoVariables()];
    const loss = (): Scalar => add(sum(square(variables[0])), sum(square(variables[1])));
    optimizer.minimize(loss, false, variables);
    await expectNoLeak(() => {
      optimizer.minimize(loss, false, variables);
    });
  });

  it.each(everyOptimizer)('%s reads nothing back in a step', (_, make) => {
    const [optimizer, variables] = [make(), twoVariables()];
    const reads = [vi.spyOn(current(), 'readSync'), vi.spyOn(current(), 'read')];
    makeSteps(optimizer, variables, [0, 1, 2]);
    for (const read of reads) expect(read).not.toHaveBeenCalled();
    variables[0].dataSync();
    expect(reads[0]).toHaveBeenCalledOnce();
  });

  it.each(everyOptimizer)('%s leaks nothing in a step that is refused', async (_, make) => {
    const [optimizer, variables] = [make(), twoVariables()];
    makeSteps(optimizer, variables, [0]);
    const wrong = [
      { name: variables[0].name, tensor: ones([2, 2]) },
      { name: variables[1].name, tensor: ones([3]) },
    ];
    await expectNoLeak(() =>
      expectKdError(
        () => {
          optimizer.applyGradients(wrong);
        },
        'KD_TENSOR_SHAPE',
        'the gradient of',
      ),
    );
  });
});
