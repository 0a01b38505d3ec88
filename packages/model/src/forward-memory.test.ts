import { memory, sum, tensor2d, tensor3d, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { forward } from './forward.js';
import { namedWeights } from './named-weights.js';
import { resolveTap } from './resolve-tap.js';

await useBackend('cpu');

const depth = 50;
const x = tensor2d([[1, 2]]);

/** Runs `body` and gives the most tensors that there were at the start of a layer, beyond those before. */
function peakOf(model: LayersModel, body: () => void): number {
  const before = memory().numTensors;
  let peak = 0;
  for (const layer of model.layers) {
    layer.setCallHook(() => {
      peak = Math.max(peak, memory().numTensors - before);
    });
  }
  body();
  return peak;
}

function deep(options = {}): LayersModel {
  const hidden = Array.from({ length: depth }, (_, index) =>
    layers.dense({
      units: 2,
      name: `d${String(index)}`,
      ...(index === 0 ? { inputShape: [2] } : {}),
      ...options,
    }),
  );
  return sequential({ layers: hidden });
}

describe('forward at inference', () => {
  it('holds few values of a deep model at any time', () => {
    const model = deep();
    const peak = peakOf(model, () => {
      tidy(() => forward(model, [x], { training: false }));
    });
    // The input of the layer, and nothing of the layers before.
    expect(peak).toBe(1);
  });

  it('keeps only the values of taps', () => {
    const model = deep({ activation: 'relu' });
    const taps = [
      resolveTap('test', model, 'd3'),
      resolveTap('test', model, { layer: 'd5', at: 'preActivation' }),
    ];
    const peak = peakOf(model, () => {
      const { taps: tapped, outputs } = tidy(() => forward(model, [x], { training: false, taps }));
      expect([...tapped, ...outputs].map(({ isDisposed }) => isDisposed)).toEqual([false, false, false]);
    });
    expect(peak).toBe(3);
  });

  it('keeps a value until its last use', () => {
    const inputs = input({ shape: [2] });
    const early = layers.dense({ units: 2 }).apply(inputs) as SymbolicTensor;
    let value = early;
    for (let index = 0; index < depth; index++)
      value = layers.dense({ units: 2 }).apply(value) as SymbolicTensor;
    const model = functional({ inputs, outputs: layers.add().apply([early, value]) as SymbolicTensor });
    let output: Tensor | undefined;
    const peak = peakOf(model, () => {
      output = tidy(() => forward(model, [x], { training: false })).outputs[0];
    });
    expect(peak).toBe(2);
    expect(output?.dataSync()).toEqual((model.predict(x) as Tensor).dataSync());
  });

  it('does not dispose the inputs of a nested model before the outer model is done with them', () => {
    const nested = sequential({
      layers: [layers.dense({ units: 2, inputShape: [2] }), layers.dense({ units: 2 })],
    });
    const inputs = input({ shape: [2] });
    const hidden = layers.dense({ units: 2 }).apply(inputs) as SymbolicTensor;
    const outputs = layers.add().apply([nested.apply(hidden) as SymbolicTensor, hidden]) as SymbolicTensor;
    const model = functional({ inputs, outputs });
    const ours = tidy(() => forward(model, [x], { training: false })).outputs[0];
    expect(ours?.dataSync()).toEqual((model.predict(x) as Tensor).dataSync());
    expect(x.isDisposed).toBe(false);
  });

  it('frees the outputs of a layer that nothing reads', () => {
    const inputs = input({ shape: [2, 2] });
    const states = {
      units: 2,
      returnState: true,
      returnSequences: true,
      recurrentInitializer: 'glorotUniform',
    } as const;
    let value = inputs;
    for (let index = 0; index < 5; index++) [value] = layers.lstm(states).apply(value) as [SymbolicTensor];
    const model = functional({ inputs, outputs: layers.flatten().apply(value) as SymbolicTensor });
    const sequence = tensor3d([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    const peak = peakOf(model, () => {
      tidy(() => forward(model, [sequence], { training: false }));
    });
    expect(peak).toBe(1);
  });
});

describe('forward in training', () => {
  it('keeps all values, which the backward pass needs', () => {
    const model = deep();
    const peak = peakOf(model, () => {
      tidy(() => forward(model, [x], { training: true }));
    });
    // At the start of the last layer, the values of all before.
    expect(peak).toBe(depth - 1);
  });

  it('leaks nothing under the tape', () => {
    const model = deep();
    const variables = namedWeights(model).map(({ variable }) => variable);
    const before = memory().numTensors;
    const peak = peakOf(model, () => {
      tidy(() => {
        variableGrads(
          () => sum<Scalar>(forward(model, [x], { training: true }).outputs[0] as Tensor),
          variables,
        );
      });
    });
    expect(peak).toBeGreaterThanOrEqual(depth - 1);
    expect(memory().numTensors).toBe(before);
  });
});
