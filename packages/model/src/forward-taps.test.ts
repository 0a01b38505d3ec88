import {
  grad,
  grads,
  mean,
  mul,
  neg,
  randomNormal,
  relu,
  sum,
  tanh,
  tensor2d,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectClose, useBackend } from '@kd/testing';
import { describe, expect, it, vi } from 'vitest';
import type { Tap } from '@kd/core';
import { forward } from './forward.js';
import { namedWeights } from './named-weights.js';
import { resolveTap } from './resolve-tap.js';

await useBackend('cpu');

const dense = (units: number, options = {}) => layers.dense({ units, ...options });
const apply = (
  layer: { apply(x: SymbolicTensor | SymbolicTensor[]): unknown },
  x: SymbolicTensor | SymbolicTensor[],
): SymbolicTensor => layer.apply(x) as SymbolicTensor;
const values = (tensor: Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);

function run(model: LayersModel, inputs: Tensor[], taps: Tap[], training = false) {
  return forward(model, inputs, { training, taps: taps.map((tap) => resolveTap('test', model, tap)) });
}

/** What a model puts out that is cut by hand at some value of the original one. */
function cutAt(model: LayersModel, at: SymbolicTensor, inputs: Tensor[]): number[] {
  return values([functional({ inputs: model.inputs, outputs: at }).predict(inputs)].flat()[0]);
}

const x = tensor2d([
  [1, -2, 0.5],
  [-1, 0.3, 2],
]);

describe('taps', () => {
  it('are the values of the requested layers, in that order', () => {
    const [first, second] = [dense(4, { inputShape: [3], name: 'first' }), dense(2, { name: 'second' })];
    const model = sequential({ layers: [first, second] });
    for (const training of [true, false]) {
      const { outputs, taps } = run(model, [x], ['second', 'first', 'first'], training);
      expect(taps).toHaveLength(3);
      expect(values(taps[0])).toEqual(values(outputs[0]));
      expect(values(taps[1])).toEqual(cutAt(model, first.output as SymbolicTensor, [x]));
      expect(values(taps[2])).toEqual(values(taps[1]));
    }
    expect(run(model, [x], []).taps).toEqual([]);
  });

  it.each([
    [
      'dense',
      () => sequential({ layers: [dense(8, { name: 'layer', activation: 'relu', inputShape: [3] })] }),
    ],
    [
      'conv2d',
      () =>
        sequential({
          layers: [
            layers.conv2d({
              name: 'layer',
              filters: 3,
              kernelSize: 2,
              activation: 'relu',
              inputShape: [4, 4, 1],
            }),
          ],
        }),
    ],
    [
      'depthwiseConv2d',
      () =>
        sequential({
          layers: [
            layers.depthwiseConv2d({
              name: 'layer',
              kernelSize: 2,
              depthMultiplier: 3,
              activation: 'relu',
              inputShape: [4, 4, 1],
            }),
          ],
        }),
    ],
    [
      'activation',
      () =>
        sequential({ layers: [layers.activation({ name: 'layer', activation: 'relu', inputShape: [3] })] }),
    ],
  ])('at the pre-activation of %s are what its activation is applied to', (_, build) => {
    const model = build();
    const [size] = [model.inputs[0]?.shape.slice(1) as number[]];
    const inputs = [randomNormal([4, ...size], 0, 1, 'float32', 5)];
    const layer = model.layers.at(-1) as unknown as { activation: object };
    const before = layer.activation;
    const plain = values(run(model, inputs, []).outputs[0]);
    const { outputs, taps } = run(model, inputs, [{ layer: 'layer', at: 'preActivation' }]);
    expect(values(taps[0]).some((value) => value < 0)).toBe(true);
    expect(values(taps[0]).some((value) => value > 0)).toBe(true);
    expect(values(relu(taps[0] as Tensor))).toEqual(values(outputs[0]));
    expect(values(outputs[0])).toEqual(plain);
    expect(layer.activation).toBe(before);
    expect(values(run(model, inputs, []).outputs[0])).toEqual(plain);
  });

  it('can be at the pre-activation and the output of one layer at once', () => {
    const model = sequential({
      layers: [dense(8, { name: 'a', activation: 'tanh', inputShape: [3] }), dense(2)],
    });
    const { taps } = run(model, [x], [{ layer: 'a', at: 'preActivation' }, 'a']);
    expectClose(values(taps[1]), values(taps[0]).map(Math.tanh), { relative: 1e-6, absolute: 1e-7 });
  });

  it('at the pre-activation of a layer without an activation are its output', () => {
    const model = sequential({ layers: [dense(8, { name: 'a', inputShape: [3] }), dense(2)] });
    const { taps } = run(model, [x], [{ layer: 'a', at: 'preActivation' }, 'a']);
    expect(values(taps[0])).toEqual(values(taps[1]));
    expect(values(taps[0])).toHaveLength(16);
  });

  it('choose the application of a shared layer by its number, in the order in which the layer was applied', () => {
    const shared = dense(3, { name: 'shared', activation: 'tanh' });
    const a = input({ shape: [3] });
    const b = input({ shape: [3] });
    const [onA, onB] = [apply(shared, a), apply(shared, b)];
    // The second application comes first in the computation, and one in another model lies between.
    functional({ inputs: a, outputs: apply(shared, apply(dense(3), a)) });
    const third = apply(shared, onB);
    const model = functional({ inputs: [a, b], outputs: apply(layers.add(), [third, onA]) });
    const inputs = [x, neg(x)];
    [shared.getOutputAt(0), shared.getOutputAt(1), shared.getOutputAt(3)].forEach((at, node) => {
      const { taps } = run(model, inputs, [{ layer: 'shared', node }]);
      expect(values(taps[0]), String(node)).toEqual(cutAt(model, at as SymbolicTensor, inputs));
    });
    expect(shared.getOutputAt(0)).toBe(onA);
  });

  it('reach into nested models by path, for each application of a model that is applied twice', () => {
    const hidden = dense(4, { name: 'hidden', activation: 'tanh', inputShape: [3] });
    const inner = sequential({ name: 'inner', layers: [hidden, dense(3, { name: 'out' })] });
    const x0 = input({ shape: [3] });
    const once = apply(inner, x0);
    const model = functional({ inputs: x0, outputs: apply(inner, once) });
    const { outputs, taps } = run(
      model,
      [x],
      [
        { layer: 'inner/hidden', node: 0 },
        { layer: 'inner/hidden', node: 1 },
        { layer: 'inner', node: 0 },
        { layer: 'inner/out', node: 1 },
        { layer: 'inner/hidden', node: 1, at: 'preActivation' },
      ],
    );
    const first = cutAt(model, once, [x]);
    const cut = functional({ inputs: inner.inputs, outputs: hidden.output });
    expect(values(taps[0])).toEqual(values(cut.predict(x) as Tensor));
    expect(values(taps[1])).toEqual(values(cut.predict(tensor2d(first, [2, 3])) as Tensor));
    expect(values(taps[2])).toEqual(first);
    expect(values(taps[3])).toEqual(values(outputs[0]));
    expect(values(tanh(taps[4] as Tensor))).toEqual(values(taps[1]));
    expect(values(taps[0])).not.toEqual(values(taps[1]));
  });

  it('keep their values when nothing else needs them', () => {
    const model = sequential({
      layers: [dense(3, { name: 'a', inputShape: [3] }), dense(3, { name: 'b' }), dense(3, { name: 'c' })],
    });
    const { taps } = tidy(() => run(model, [x], ['a', 'b', 'c']));
    expect(taps.map(({ isDisposed }) => isDisposed)).toEqual([false, false, false]);
  });
});

describe('gradients through taps', () => {
  const build = (): { model: LayersModel; cut: LayersModel } => {
    const inner = sequential({
      name: 'inner',
      layers: [
        dense(4, { name: 'hidden', activation: 'tanh', inputShape: [3] }),
        dense(3, { name: 'logits', activation: 'tanh' }),
      ],
    });
    const inputs = input({ shape: [3] });
    const outputs = apply(inner, inputs);
    const cut = functional({ inputs: inner.inputs, outputs: inner.layers[0]?.output as SymbolicTensor });
    return { model: functional({ inputs, outputs }), cut };
  };
  const tolerance = { relative: 1e-6, absolute: 1e-7 };

  it.each([true, false])('reach the input as in a model cut by hand (training: %s)', (training) => {
    const { model, cut } = build();
    const weighted = (h: Tensor): Tensor => sum(mul(h, h));
    const ours = grad((at) => weighted(run(model, [at], ['inner/hidden'], training).taps[0] as Tensor))(x);
    const byHand = grad((at) => weighted(cut.apply(at, { training: true }) as Tensor))(x);
    expect(values(byHand).every((value) => value !== 0)).toBe(true);
    expectClose(values(ours), values(byHand), tolerance);
  });

  it('reach the weights before the tap, and none after it', () => {
    const { model, cut } = build();
    const weights = namedWeights(model).map(({ variable }) => variable);
    const variables = weights.slice(0, 2);
    const of = (body: () => Tensor): Record<string, Tensor> =>
      variableGrads(() => mean<Scalar>(body()), variables).grads;
    const ours = of(() => run(model, [x], [{ layer: 'inner/hidden' }], true).taps[0] as Tensor);
    const byHand = of(() => cut.apply(x, { training: true }) as Tensor);
    for (const { name } of variables) expectClose(values(ours[name]), values(byHand[name]), tolerance);
    const after = weights.slice(2);
    expect(() =>
      variableGrads(() => mean<Scalar>(run(model, [x], ['inner/hidden'], true).taps[0] as Tensor), after),
    ).toThrow();
  });

  it('of a loss on the output are the same with and without a tap at a pre-activation', () => {
    const { model } = build();
    const gradient = (taps: Tap[]): number[] =>
      values(grad((at) => sum(run(model, [at], taps, true).outputs[0] as Tensor))(x));
    const tapped = gradient([{ layer: 'inner/hidden', at: 'preActivation' }]);
    expectClose(tapped, gradient([]), tolerance);
    expect(tapped.some((value) => value !== 0)).toBe(true);
  });

  it('of several inputs flow through values that inference would free', () => {
    const a = input({ shape: [3] });
    const b = input({ shape: [3] });
    const model = functional({
      inputs: [a, b],
      outputs: apply(dense(1), apply(layers.multiply(), [apply(dense(4), a), apply(dense(4), b)])),
    });
    const gradient = (training: boolean): number[][] =>
      grads((...at: Tensor[]) => sum(forward(model, at, { training }).outputs[0] as Tensor))([x, neg(x)]).map(
        values,
      );
    expect(gradient(false)).toEqual(gradient(true));
  });
});

describe('forward without outputs', () => {
  it('returns the same taps, and runs no layer after the last one', () => {
    const layersOfModel = ['one', 'two', 'three', 'four'].map((name) => dense(3, { inputShape: [3], name }));
    const model = sequential({ layers: layersOfModel });
    const calls = layersOfModel.map((layer) => vi.spyOn(layer, 'call'));
    const taps = [
      resolveTap('test', model, 'three'),
      resolveTap('test', model, { layer: 'one', at: 'preActivation' }),
    ];
    const whole = tidy(() => forward(model, [x], { training: true, taps }));
    calls.forEach((call) => call.mockClear());
    const cut = tidy(() => forward(model, [x], { training: true, taps, outputs: false }));
    expect(cut.outputs).toEqual([]);
    expect(cut.taps.map(values)).toEqual(whole.taps.map(values));
    expect(calls.map((call) => call.mock.calls.length)).toEqual([1, 1, 1, 0]);
  });

  it('stops inside a nested model too', () => {
    const inner = sequential({
      name: 'inner',
      layers: [dense(3, { inputShape: [3], name: 'a' }), dense(3, { name: 'b' })],
    });
    const inputs = input({ shape: [3] });
    const head = dense(2, { name: 'head' });
    const model = functional({ inputs, outputs: apply(head, apply(inner, inputs)) });
    const calls = [inner.layers[1], head].map((layer) => vi.spyOn(layer as typeof head, 'call'));
    for (const training of [true, false]) {
      const { taps } = forward(model, [x], {
        training,
        taps: [resolveTap('test', model, 'inner/a')],
        outputs: false,
      });
      expect(values(taps[0])).toEqual(values(run(model, [x], ['inner/a']).taps[0]));
    }
    expect(calls.map((call) => call.mock.calls.length)).toEqual([2, 2]);
  });
});
