import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, regularizers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { regularizersOf } from './regularizers.js';

await useBackend('cpu');

const ones = { kernelInitializer: 'ones', biasInitializer: 'ones' } as const;
const l2 = (factor: number) => regularizers.l2({ l2: factor });
const values = (tensors: Tensor[]): number[] => tensors.map((tensor) => tensor.dataSync()[0] ?? NaN);
const of = (model: LayersModel): number[] => tidy(() => values(regularizersOf(model)));
const tolerance = { relative: 1e-6, absolute: 0 };

describe('regularizersOf', () => {
  it('returns one value per regulariser, of kernels and biases', async () => {
    const model = sequential({
      layers: [
        layers.dense({
          units: 2,
          inputShape: [3],
          ...ones,
          kernelRegularizer: l2(0.1),
          biasRegularizer: l2(1),
        }),
        layers.dense({ units: 2 }),
        layers.dense({ units: 1, ...ones, kernelRegularizer: regularizers.l1({ l1: 0.5 }) }),
      ],
    });
    // tfjs counts those of a Sequential only once it is built.
    model.build();
    // 6 ones * 0.1, 2 ones * 1, 2 ones * 0.5
    expectClose(of(model), [0.6, 2, 1], tolerance);
    expectClose(
      of(model),
      tidy(() => values(model.calculateLosses())),
      tolerance,
    );
    await expectNoLeak(() => {
      of(model);
    });
  });

  it('counts a layer once if it is applied several times, in this model and in nested ones', () => {
    const shared = layers.dense({ units: 3, ...ones, kernelRegularizer: l2(1) });
    const innerIn = input({ shape: [3] });
    const own = layers.dense({ units: 3, ...ones, kernelRegularizer: l2(2) });
    const inner = functional({
      inputs: innerIn,
      outputs: own.apply(shared.apply(innerIn)) as SymbolicTensor,
    });
    const inputs = input({ shape: [3] });
    const value = shared.apply(shared.apply(inputs)) as SymbolicTensor;
    const outputs = inner.apply(inner.apply(value)) as SymbolicTensor;
    expectClose(of(functional({ inputs, outputs })), [9, 18], tolerance);
  });

  it('ignores a layer that the outputs do not need', () => {
    const inputs = input({ shape: [3] });
    const outputs = layers.dense({ units: 3 }).apply(inputs) as SymbolicTensor;
    layers.dense({ units: 3, kernelRegularizer: l2(1) }).apply(outputs);
    expect(of(functional({ inputs, outputs }))).toEqual([]);
  });
});
