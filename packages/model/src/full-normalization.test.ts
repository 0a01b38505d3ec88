import { mul, randomNormal, sin, sum, tidy, variableGrads } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { forward } from './forward.js';
import { namedWeights } from './named-weights.js';

await useBackend('cpu');

type Config = Readonly<Record<string, unknown>>;

const tolerance = { relative: 1e-5, absolute: 1e-6 };
const x = randomNormal([5, 4], 0, 1, 'float32', 3);
const kernel = layers.dense({ units: 3, inputShape: [4] });

/** A normalisation after a dense layer, with the same kernel whatever the rest is. */
function after(kind: 'batch' | 'layer', config: Config): LayersModel {
  const norm = kind === 'batch' ? layers.batchNormalization(config) : layers.layerNormalization(config);
  const first = layers.dense({ units: 3, inputShape: [4], weights: kernel.getWeights() });
  return sequential({ layers: [first, norm] });
}

/** The outputs, the gradient of the dense kernel and all weights after one forward pass. */
function passed(model: LayersModel, training: boolean): Record<string, number[]> {
  const values = (tensor: Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);
  return tidy(() => {
    const [weight] = namedWeights(model).map(({ variable }) => variable) as [Variable];
    let output: number[] = [];
    const { grads } = variableGrads(() => {
      const [y] = forward(model, [x], { training }).outputs as [Tensor];
      output = values(y);
      return sum<Scalar>(mul(y, sin(y)));
    }, [weight]);
    const statistics = namedWeights(model)
      .filter(({ name }) => name.includes('moving'))
      .flatMap(({ variable }) => values(variable));
    return { output, gradient: values(grads[weight.name]), statistics };
  });
}

// Building the layer gives it weights.
kernel.apply(x);

describe.each(['batch', 'layer'] as const)('%s normalisation in forward', (kind) => {
  it.each([
    { scale: false },
    { center: false },
    { scale: false, center: false },
    { scale: false, trainable: false },
  ])('with %j equals one whose missing weights are one and zero', (config) => {
    for (const training of [true, false]) {
      const bare = after(kind, config);
      // Its weights start at one and zero.
      const full = after(kind, 'trainable' in config ? { trainable: false } : {});
      const [received, expected] = [passed(bare, training), passed(full, training)];
      for (const name of ['output', 'gradient', 'statistics'])
        expectClose(received[name] ?? [], expected[name] ?? [], tolerance);
      expect(received['gradient']?.some((value) => Math.abs(value) > 1e-3)).toBe(true);
    }
  });

  it('without them keeps its weights and its config, and leaks nothing', async () => {
    const model = after(kind, { scale: false, center: false });
    const [, norm] = model.layers;
    const before = [norm?.getConfig(), norm?.weights.map(({ name }) => name)];
    await expectNoLeak(() => {
      passed(model, true);
    });
    expect([norm?.getConfig(), norm?.weights.map(({ name }) => name)]).toEqual(before);
  });
});
