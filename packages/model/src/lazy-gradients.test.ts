import { registerTrainingKernels } from '@kd/backend';
import { backends, expectNoLeak, useBackend } from '@kd/testing';
import {
  dispose,
  engine,
  grad,
  mul,
  randomUniform,
  square,
  sum,
  tensor2d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { forward } from './forward.js';
import { namedWeights } from './named-weights.js';
import { resolveTap } from './resolve-tap.js';

type Run = (model: LayersModel, x: Tensor) => Tensor;
const ours: Run = (model, x) => forward(model, [x], { training: true }).outputs[0] as Tensor;
const theirs: Run = (model, x) => model.apply(x, { training: true }) as Tensor;

const filled = (shape: number[], seed: number): Tensor => randomUniform(shape, -1, 1, 'float32', seed);
/** A sum with weights that differ by place, so that every gradient does. */
const loss = (y: Tensor): Scalar => sum(mul(y, filled(y.shape, 1)));
const random = { biasInitializer: 'randomNormal' } as const;
const conv = (filters: number, options = {}) =>
  layers.conv2d({ filters, kernelSize: 3, ...random, ...options });
const dense = (units: number, options = {}) => layers.dense({ units, ...random, ...options });

const convolutional = (first: object = {}): LayersModel =>
  sequential({
    layers: [
      conv(4, { inputShape: [7, 7, 2], ...first }),
      conv(5, { activation: 'tanh', padding: 'same', strides: 2 }),
      conv(3, { useBias: false, kernelSize: [1, 2] }),
    ],
  });
const perceptron = (first: object = {}): LayersModel =>
  sequential({ layers: [dense(7, { inputShape: [5], ...first }), dense(8, { useBias: false }), dense(3)] });
const overTime = (layer: ReturnType<typeof dense>): LayersModel =>
  sequential({ layers: [layers.timeDistributed({ layer, inputShape: [4, 5] }), dense(2)] });

const freeze = (model: LayersModel, index: number): void => {
  (model.layers[index] as { trainable: boolean }).trainable = false;
};
const trainedOf = (model: LayersModel): Variable[] =>
  namedWeights(model).flatMap(({ variable, trainable }) => (trainable ? [variable] : []));
const numbers = (tensor: Tensor): number[] => Array.from(tensor.dataSync());

/** The output, the gradients of all weights, that of the input, and those of a loss on the latter. */
function resultsOf(run: Run, model: LayersModel, x: Tensor): number[][] {
  const slope = (at: Tensor): Tensor => grad((input: Tensor) => loss(run(model, input)))(at);
  const twice = (): Scalar => sum(square(slope(x)));
  return tidy(() => {
    const weights = trainedOf(model);
    const { grads } = variableGrads(() => loss(run(model, x)), weights);
    const kernels = weights.filter(({ name }) => name.includes('kernel'));
    const second = x.rank === 4 ? {} : variableGrads(twice, kernels).grads;
    return [run(model, x), ...Object.values(grads), slope(x), ...Object.values(second)].map(numbers);
  });
}

/** The shapes of the gradients that the named kernels compute, in order. */
async function shapesOf(body: () => unknown, ...kernelNames: string[]): Promise<unknown[]> {
  const { kernels } = await engine().profile(() => (tidy(() => void body()), []));
  const names = kernels.map(({ name }) => name);
  const forwardKernels = names.map((name) => /^_?Fused(Conv|MatMul)/.test(name));
  return kernels
    .slice(forwardKernels.lastIndexOf(true) + 1)
    .filter(({ name }) => kernelNames.includes(name))
    .map(({ outputShapes }) => outputShapes[0]);
}
const training = (model: LayersModel, x: Tensor) => () =>
  variableGrads(() => loss(ours(model, x)), trainedOf(model));

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    // tfjs's wasm has no gradient of a filter.
    if (backend === 'wasm') registerTrainingKernels();
  });

  it.each<[string, () => LayersModel, number[]]>([
    ['convolutions', convolutional, [3, 7, 7, 2]],
    ['strided convolutions', () => convolutional({ strides: 2, padding: 'same' }), [3, 7, 7, 2]],
    ['relu', () => convolutional({ activation: 'relu' }), [3, 7, 7, 2]],
    ['elu', () => convolutional({ activation: 'elu' }), [3, 7, 7, 2]],
    [
      'channels first',
      () => convolutional({ dataFormat: 'channelsFirst', inputShape: [2, 7, 9] }),
      [3, 2, 7, 9],
    ],
    ['dense layers', perceptron, [6, 5]],
    ['dense layers that end in tanh', () => perceptron({ activation: 'tanh' }), [6, 5]],
    ['dense layers of steps', () => perceptron({ activation: 'tanh', inputShape: [4, 5] }), [3, 4, 5]],
    ['dense layers in wrappers', () => overTime(dense(3)), [3, 4, 5]],
  ])('gives %s the outputs and gradients of tfjs, to the bit', (_, build, shape) => {
    const [model, x] = [build(), filled(shape, 2)];
    expect(resultsOf(ours, model, x)).toEqual(resultsOf(theirs, model, x));
  });

  const [byInput, byFilter] = ['Conv2DBackpropInput', 'Conv2DBackpropFilter'] as const;
  const images = (): Tensor => filled([3, 7, 7, 2], 2);
  const rows = (): Tensor => filled([6, 5], 2);

  it('computes no gradient of the images', async () => {
    const step = training(convolutional(), images());
    expect(await shapesOf(step, byInput)).toEqual([[3, 3, 3, 5], [3, 5, 5, 4]]); // prettier-ignore
    expect(await shapesOf(step, byFilter)).toEqual([[1, 2, 5, 3], [3, 3, 4, 5], [3, 3, 2, 4]]); // prettier-ignore
  });

  // By layer, from the last one: the gradient of its input, then that of its kernel.
  const ofPerceptron = [[1, 6, 8], [1, 8, 3], [1, 6, 7], [1, 7, 8], [1, 5, 7]]; // prettier-ignore
  it.each<[string, (model: LayersModel) => LayersModel]>([
    ['a model', (model) => model],
    ['a nested model', (model) => sequential({ layers: [model] })],
  ])('computes no gradient of the rows that %s is given', async (_, around) => {
    for (const first of [{}, { activation: 'tanh' }])
      expect(await shapesOf(training(around(perceptron(first)), rows()), 'BatchMatMul')).toEqual(
        ofPerceptron,
      );
  });

  it('computes the gradient of an input if somebody needs it, and then no other', async () => {
    const ofInput = (model: LayersModel, x: Tensor) => () => grad((at: Tensor) => loss(ours(model, at)))(x);
    const convolved = await shapesOf(ofInput(convolutional(), images()), byInput, byFilter);
    expect(convolved).toEqual([[3, 3, 3, 5], [3, 5, 5, 4], [3, 7, 7, 2]]); // prettier-ignore
    const multiplied = await shapesOf(ofInput(perceptron(), rows()), 'BatchMatMul');
    expect(multiplied).toEqual([[1, 6, 8], [1, 6, 7], [1, 6, 5]]); // prettier-ignore
  });

  it('computes the gradient of a shared layer by its own output', async () => {
    const [x, shared] = [input({ shape: [5] }), dense(5)];
    const model = functional({ inputs: x, outputs: shared.apply(shared.apply(x)) as SymbolicTensor });
    const shapes = await shapesOf(training(model, rows()), 'BatchMatMul');
    expect(shapes).toEqual([[1, 6, 5], [1, 5, 5], [1, 5, 5]]); // prettier-ignore
  });

  it('computes none for frozen layers, and none below them', async () => {
    const [below, between] = [convolutional(), convolutional()];
    freeze(below, 0);
    expect(await shapesOf(training(below, images()), byInput)).toEqual([[3, 3, 3, 5]]);
    expect(await shapesOf(training(below, images()), byFilter)).toEqual([[1, 2, 5, 3], [3, 3, 4, 5]]); // prettier-ignore
    freeze(between, 1);
    expect(await shapesOf(training(between, images()), byInput)).toEqual([[3, 3, 3, 5], [3, 5, 5, 4]]); // prettier-ignore
    expect(await shapesOf(training(between, images()), byFilter)).toEqual([[1, 2, 5, 3], [3, 3, 2, 4]]); // prettier-ignore
  });

  it('computes none of the images for a tap before an activation', async () => {
    const model = convolutional({ name: 'first', activation: 'relu' });
    const tap = resolveTap('test', model, { layer: 'first', at: 'preActivation' });
    const tapped = (): Scalar =>
      loss(forward(model, [images()], { training: true, taps: [tap], outputs: false }).taps[0] as Tensor);
    const step = (): unknown => variableGrads(tapped, trainedOf(model).slice(0, 2));
    expect(await shapesOf(step, byInput, byFilter)).toEqual([[3, 3, 2, 4]]);
  });

  it('leaks nothing, and leaves the layers as they were', async () => {
    const [model, x] = [perceptron({ activation: 'tanh' }), rows()];
    const step = (): void => {
      const { value, grads } = training(model, x)();
      dispose([value, ...Object.values(grads)]);
    };
    step();
    await expectNoLeak(step);
    expect(model.layers.filter((layer) => Object.hasOwn(layer, 'call'))).toEqual([]);
  });

  it('runs a layer that computes something else', () => {
    class Doubled extends (dense(1).constructor as new (options: object) => ReturnType<typeof dense>) {
      override call(inputs: Tensor | Tensor[], kwargs: object): Tensor {
        return mul(super.call(inputs, kwargs) as Tensor, 2);
      }
    }
    const options = { units: 1, kernelInitializer: 'ones' as const, inputShape: [5] };
    const model = sequential({ layers: [layers.dense(options)] });
    const doubled = sequential({ layers: [new Doubled(options)] });
    const layer = layers.dense(options);
    const stock = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => mul(stock(inputs, kwargs) as Tensor, 3);
    const patched = sequential({ layers: [layer] });
    const single = ours(model, rows());
    expect(numbers(ours(doubled, rows()))).toEqual(numbers(mul(single, 2)));
    expect(numbers(ours(patched, rows()))).toEqual(numbers(mul(single, 3)));
  });

  it('casts integers as tfjs does', () => {
    const x = input({ shape: [5], dtype: 'int32' });
    const model = functional({ inputs: x, outputs: dense(2).apply(x) as SymbolicTensor });
    const integers = tensor2d([[1, 2, 3, 4, 5]], [1, 5], 'int32');
    expect(numbers(ours(model, integers))).toEqual(numbers(theirs(model, integers)));
  });

  it('fails as tfjs does', () => {
    const model = convolutional({ padding: 'causal' });
    expect(() => ours(model, images())).toThrow('CAUSAL');
  });
});
