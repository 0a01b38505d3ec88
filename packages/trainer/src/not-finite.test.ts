import type { Term } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { backends, expectKdError, useBackend } from '@kd/testing';
import { div, memory, mul, sqrt, train as optimizers } from '@tensorflow/tfjs-core';
import type { Optimizer, Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { examples, net, onLabels, options, weightsOf } from '../test/small.js';
import { train } from './index.js';
import type { InMemoryData } from '@kd/data';

/** The loss on the labels, times a factor that depends on the step. */
const spoilt = (factor: (step: number) => number): Term => {
  const hard = hardTarget();
  return {
    ...hard,
    name: 'spoilt',
    // A scalar is a finite number, but a quotient need not be: 0 / 0 and 1 / 0.
    scalars: {
      above: ({ step }) =>
        Number.isFinite(factor(step)) ? factor(step) : Number(!Number.isNaN(factor(step))),
      below: ({ step }) => Number(Number.isFinite(factor(step))),
    },
    loss: (batch) => {
      const { above, below } = batch.scalars;
      return { values: mul(hard.loss(batch).values, div(above as Tensor, below as Tensor)) };
    },
  };
};

/** Trains until it fails; returns the state before the failed step, and after it. */
async function failing(
  terms: readonly Term[],
  data: InMemoryData,
  code: string,
  ...facts: string[]
): Promise<{ steps: number; applied: number; iterations: number }> {
  const model = net(1, [layers.batchNormalization({ momentum: 0.5 }), layers.dropout({ rate: 0.2 })]);
  const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms });
  let before = weightsOf(model);
  const made: Optimizer[] = [];
  let [steps, applied] = [0, 0];
  const optimizer = (): Optimizer => {
    const adam = optimizers.adam(0.05);
    const original = adam.applyGradients.bind(adam);
    adam.applyGradients = (gradients) => {
      applied += 1;
      original(gradients);
    };
    made.push(adam);
    return adam;
  };
  const onBatchEnd = (): void => {
    steps += 1;
    before = weightsOf(model);
  };
  const tensors = memory().numTensors;
  const training = () =>
    train(recipe, options(data, { epochs: 3, optimizer, callbacks: [{ onBatchEnd }], batchSize: 2 }));
  await expectKdError(training, code, ...facts);
  expect(memory().numTensors, 'tensors').toBe(tensors);
  expect(weightsOf(model)).toEqual(before);
  return { steps, applied, iterations: made[0]?.iterations ?? NaN };
}

describe.each(backends)('a step that is not finite, on %s', (backend) => {
  it('names term, epoch and step, and changes neither weights, statistics nor optimizer', async () => {
    await useBackend(backend);
    for (const value of [NaN, Infinity]) {
      const terms = [hardTarget(), spoilt((step) => (step === 5 ? value : 1))];
      // Epochs of four steps.
      const { steps, applied, iterations } = await failing(
        terms,
        examples(8),
        'KD_STEP_NOT_FINITE',
        'the loss of the term "spoilt"',
        String(value),
      );
      expect({ steps, applied, iterations }).toEqual({ steps: 5, applied: 5, iterations: 5 });
    }
    await useBackend('cpu');
  });
});

describe('a step that is not finite', () => {
  it('protects batch normalisation statistics from an input of NaN', async () => {
    await useBackend('cpu');
    const data = examples(8);
    data.inputs.values[0] = NaN;
    const { applied } = await failing(
      [hardTarget()],
      data,
      'KD_STEP_NOT_FINITE',
      'the loss of the term "hard"',
      'NaN',
    );
    expect(applied).toBeLessThan(4);
  });

  it('may have a finite loss and a gradient that is not', async () => {
    const steep: Term = {
      ...hardTarget(),
      name: 'steep',
      loss: (batch) => ({ values: sqrt(mul(hardTarget().loss(batch).values, 0)) }),
    };
    await failing(
      [steep],
      examples(8),
      'KD_STEP_NOT_FINITE',
      'train, epoch 0, step 0',
      'the gradient norm',
      'NaN',
    );
  });

  it('may have finite losses and a total that is not', async () => {
    await failing(
      [{ ...spoilt(() => 1e30), weight: 1e30 }],
      examples(8),
      'KD_STEP_NOT_FINITE',
      'train, epoch 0, step 0',
      'total',
      'Infinity',
    );
  });

  it('leaves a model that can still be trained', async () => {
    const model = net(1, [layers.batchNormalization({})]);
    const data = examples(8);
    const [first = 0] = data.inputs.values;
    data.inputs.values[0] = NaN;
    await expectKdError(() => train(onLabels(model), options(data)), 'KD_STEP_NOT_FINITE');
    data.inputs.values[0] = first;
    const run = await train(onLabels(model), options(data, { epochs: 2, validation: { data } }));
    expect(
      run.history.every(({ total, validation }) => Number.isFinite(total + (validation?.['loss'] ?? NaN))),
    ).toBe(true);
  });
});
