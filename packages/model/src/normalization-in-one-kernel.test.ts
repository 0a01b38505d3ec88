import { registerTrainingKernels } from '@kd/backend';
import { backends, expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { dispose, getBackend, getKernel, grad, mul, profile, randomUniform, square, sum, tidy, variableGrads } from '@tensorflow/tfjs-core'; // prettier-ignore
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { forward } from './forward.js';
import { namedWeights } from './named-weights.js';

type Run = (model: LayersModel, x: Tensor) => Tensor;
const ours: Run = (model, x) => forward(model, [x], { training: true }).outputs[0] as Tensor;
const theirs: Run = (model, x) => model.apply(x, { training: true }) as Tensor;

const filled = (shape: number[], seed: number): Tensor => randomUniform(shape, -1, 1, 'float32', seed);
/** A sum with weights that differ by place, so that every gradient does. */
const loss = (y: Tensor): Scalar => sum(mul(y, filled(y.shape, 1)));
const numbers = (tensor: Tensor): number[] => Array.from(tensor.dataSync());

const normalization = (options: object = {}) =>
  layers.batchNormalization({ epsilon: 0.01, momentum: 0.7, ...options });
const models: Readonly<Record<string, () => LayersModel>> = {
  images: () => sequential({ layers: [normalization({ inputShape: [5, 4, 3] })] }),
  rows: () => sequential({ layers: [normalization({ inputShape: [6] })] }),
  series: () => sequential({ layers: [normalization({ inputShape: [4, 6], axis: 2 })] }),
  'another axis': () => sequential({ layers: [normalization({ inputShape: [5, 4, 3], axis: 1 })] }),
  'between layers': () =>
    sequential({
      layers: [
        layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [6, 6, 2], useBias: false }),
        normalization(),
        layers.reLU(),
        layers.flatten(),
        layers.dense({ units: 3 }),
        normalization(),
      ],
    }),
};

/** Output, gradients of weights and input, those of a loss on the latter, and moving statistics. */
function resultsOf(run: Run, build: () => LayersModel): number[][] {
  const model = build();
  return tidy(() => {
    for (const [index, { variable }] of namedWeights(model).entries())
      variable.assign(randomUniform(variable.shape, 0.5, 2, 'float32', 5 + index));
    const x = filled([7, ...(model.inputs[0]?.shape.slice(1) as number[])], 3);
    const trained = namedWeights(model).flatMap(({ variable, trainable }) => (trainable ? [variable] : []));
    const { value, grads } = variableGrads(() => loss(run(model, x)), trained);
    const statistics = model.getWeights().map(numbers);
    const slope = (at: Tensor): Tensor => grad((input: Tensor) => loss(run(model, input)))(at);
    const ofSlope = grad((at: Tensor) => sum(square(slope(at))))(x);
    const all = [
      run(model, x),
      value,
      ...trained.map(({ name }) => grads[name] as Tensor),
      slope(x),
      ofSlope,
    ];
    return [...all.map(numbers), ...statistics];
  });
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    registerTrainingKernels();
  });

  it.each(Object.entries(models))('normalises %s as tfjs-layers does', (_, build) => {
    const expected = resultsOf(theirs, build);
    const received = resultsOf(ours, build);
    expect(received).toHaveLength(expected.length);
    received.forEach((values, index) => {
      expectClose(values, expected[index] ?? [], { relative: 3e-5, absolute: 3e-5 });
    });
  });

  it('normalises in one kernel where the backend has it, and leaks nothing', async () => {
    const model = models['images']?.() as LayersModel;
    const x = filled([2, 5, 4, 3], 1);
    const { kernelNames } = await profile(() => ours(model, x));
    const kernel = getKernel('NormalizationInTraining', getBackend()) as object | undefined;
    expect(kernelNames.includes('NormalizationInTraining')).toBe(kernel !== undefined);
    await expectNoLeak(() => {
      dispose(grad((input: Tensor) => loss(ours(model, input)))(x));
    });
  });

  it('leaves batch normalisation of a subclass, and in inference', async () => {
    const layer = normalization({ inputShape: [2] });
    class Doubled extends (layer.constructor as new (options: object) => typeof layer) {
      static readonly className = 'Doubled';
      override call(...args: Parameters<typeof layer.call>): Tensor {
        return mul(super.call(...args) as Tensor, 2);
      }
    }
    const x = filled([4, 2], 1);
    const doubled = sequential({ layers: [new Doubled({ inputShape: [2], epsilon: 0.01 })] });
    const plain = sequential({ layers: [layer] });
    expectClose(numbers(ours(doubled, x)), numbers(mul(ours(plain, x), 2)), {
      relative: 1e-5,
      absolute: 1e-6,
    });
    const { kernelNames } = await profile(() => forward(plain, [x], { training: false }).outputs[0]);
    expect(kernelNames).not.toContain('NormalizationInTraining');
  });
});
