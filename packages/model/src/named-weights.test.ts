import { ones, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { constraints, input, layers, model as functional, models, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectClose, expectNoLeak, useBackend } from '@kd/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedWeights } from './named-weights.js';

await useBackend('cpu');

const dense = (name: string, options = {}) => layers.dense({ name, units: 2, ...options });
const names = (model: LayersModel): string[] => namedWeights(model).map(({ name }) => name);
const trained = (model: LayersModel): string[] =>
  namedWeights(model)
    .filter(({ trainable }) => trainable)
    .map(({ name }) => name);
const freeze = (layer: object): void => {
  (layer as { trainable: boolean }).trainable = false;
};
const lstm = (name: string) => layers.lstm({ name, units: 2, recurrentInitializer: 'glorotUniform' });

/** Layers of every kind that names weights in a way of its own. */
function build() {
  const first = dense('first', { inputShape: [3, 2] });
  const rnn = layers.bidirectional({
    name: 'both',
    layer: layers.gru({
      name: 'gru',
      units: 2,
      returnSequences: true,
      recurrentInitializer: 'glorotUniform',
    }),
    mergeMode: 'sum',
  });
  const frame = sequential({ name: 'frame', layers: [dense('one', { inputShape: [2] }), dense('two')] });
  const each = layers.timeDistributed({ name: 'each', layer: frame });
  const stacked = layers.rnn({
    name: 'stacked',
    cell: [
      layers.simpleRNNCell({ units: 2, recurrentInitializer: 'glorotUniform' }),
      layers.simpleRNNCell({ units: 2, recurrentInitializer: 'glorotUniform' }),
    ],
  });
  const norm = layers.batchNormalization({ name: 'norm' });
  const head = sequential({ name: 'head', layers: [dense('logits', { inputShape: [2], useBias: false })] });
  const inputs = input({ shape: [3, 2] });
  let value = inputs;
  for (const layer of [first, rnn, each, stacked, norm, head]) value = layer.apply(value) as SymbolicTensor;
  return { model: functional({ inputs, outputs: value }), first, rnn, each, frame, stacked, norm, head };
}
const gru = ['kernel', 'recurrent_kernel', 'bias'];
const all = [
  'first/kernel',
  'first/bias',
  ...gru.map((name) => `both/forward_gru/${name}`),
  ...gru.map((name) => `both/backward_gru/${name}`),
  'each/one/kernel',
  'each/one/bias',
  'each/two/kernel',
  'each/two/bias',
  ...gru.map((name) => `stacked/RNNCell_0/${name}`),
  ...gru.map((name) => `stacked/RNNCell_1/${name}`),
  'norm/gamma',
  'norm/beta',
  'norm/moving_mean',
  'norm/moving_variance',
  'head/logits/kernel',
];

describe('namedWeights', () => {
  it('names the weights by layer, in nested models, wrappers and cells', () => {
    const { model } = build();
    expect(names(model)).toEqual(all);
    expect(trained(model)).toEqual(all.filter((name) => !name.includes('moving')));
  });

  it('returns the variables themselves', () => {
    const { model, head } = build();
    const kernel = namedWeights(model).find(({ name }) => name === 'head/logits/kernel')?.variable;
    expect(kernel).toBe(head.layers[0]?.weights[0]?.read());
  });

  it('gives each weight the same name whatever is frozen', () => {
    const parts = build();
    const frozenBefore = new Map(namedWeights(parts.model).map(({ name, variable }) => [variable, name]));
    const freezable: { trainable: boolean }[] = [
      parts.model,
      parts.first,
      parts.rnn,
      (parts.rnn as unknown as { forwardLayer: { trainable: boolean } }).forwardLayer,
      parts.each,
      parts.frame.layers[0] as { trainable: boolean },
      parts.stacked,
      (parts.stacked as unknown as { cell: { cells: [{ trainable: boolean }] } }).cell.cells[0],
      parts.norm,
      parts.head,
    ];
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }), (flags) => {
        freezable.forEach((part, index) => (part.trainable = flags[index] ?? true));
        const now = new Map(namedWeights(parts.model).map(({ name, variable }) => [variable, name]));
        expect(now).toEqual(frozenBefore);
      }),
    );
  });

  it('trains nothing in a frozen model, layer or wrapper, at any depth', () => {
    const parts = build();
    for (const [part, prefixes] of [
      [parts.first, ['first/']],
      [parts.rnn, ['first/', 'both/']],
      [parts.each, ['first/', 'both/', 'each/']],
      [parts.stacked, ['first/', 'both/', 'each/', 'stacked/']],
    ] as const) {
      freeze(part);
      const rest = all.filter((name) => !name.includes('moving'));
      expect(trained(parts.model)).toEqual(
        rest.filter((name) => !prefixes.some((prefix) => name.startsWith(prefix))),
      );
    }
    freeze(parts.head);
    expect(trained(parts.model)).toEqual(['norm/gamma', 'norm/beta']);
    freeze(parts.model);
    expect(trained(parts.model)).toEqual([]);
    expect(names(parts.model)).toEqual(all);
  });

  it('trains nothing in a frozen model that contains a model', () => {
    const { model } = build();
    const outerIn = input({ shape: [3, 2] });
    const outer = functional({ inputs: outerIn, outputs: model.apply(outerIn) as SymbolicTensor });
    outer.trainable = false;
    expect(trained(outer)).toEqual([]);
    // What tfjs says of the nested model: still trainable.
    expect(trained(model).length).toBeGreaterThan(0);
  });

  it('names a shared layer once, by the first model that has it', () => {
    const shared = dense('shared', { inputShape: [2] });
    const inner = sequential({ name: 'inner', layers: [shared] });
    const inputs = input({ shape: [2] });
    const twice = inner.apply(inner.apply(inputs)) as SymbolicTensor;
    const model = functional({ inputs, outputs: shared.apply(twice) as SymbolicTensor });
    expect(names(model)).toHaveLength(2);
    expect(new Set(namedWeights(model).map(({ variable }) => variable)).size).toBe(2);
  });

  it('numbers names that would be equal', () => {
    class Twins extends layers.Layer {
      static readonly className = 'Twins';
      override build(): void {
        const initializer = { apply: (shape: number[]) => ones(shape) } as never;
        for (const name of ['left/scale', 'right/scale'])
          this.addWeight(name.replace('/', '_'), [1], 'float32', initializer);
        super.build([]);
      }
    }
    const layer = new Twins({ name: 'twins', inputShape: [1] });
    const model = sequential({ layers: [layer] });
    expect(names(model)).toEqual(['twins/left_scale', 'twins/right_scale']);
    for (const weight of layer.weights) (weight as { originalName: string }).originalName = 'elsewhere/scale';
    expect(names(model)).toEqual(['twins/scale', 'twins/scale#1']);
  });

  it('keeps names short if a layer is renamed after it was built', () => {
    const model = sequential({ layers: [dense('before', { inputShape: [2] })] });
    (model.layers[0] as { name: string }).name = 'after';
    expect(names(model)).toEqual(['after/kernel', 'after/bias']);
  });

  it('gives the same names after loading the model', async () => {
    const model = sequential({
      layers: [
        layers.bidirectional({ name: 'both', layer: lstm('lstm'), mergeMode: 'sum', inputShape: [3, 2] }),
        dense('last'),
      ],
    });
    const back = await models.modelFromJSON(JSON.parse(model.toJSON(null, true) as string) as never);
    expect(names(back)).toEqual(names(model));
    expect(names(model)[0]).toBe('both/forward_lstm/kernel');
  });
});

describe('constrain', () => {
  it('brings a weight back inside its constraint, and leaves the others without one', async () => {
    const model = sequential({
      layers: [
        dense('layer', { inputShape: [2], kernelConstraint: constraints.maxNorm({ maxValue: 1, axis: 0 }) }),
      ],
    });
    const [kernel, bias] = namedWeights(model);
    expect(bias).toBeDefined();
    expect(bias && 'constrain' in bias).toBe(false);
    await expectNoLeak(() => {
      tidy(() => {
        kernel?.variable.assign(
          tensor2d([
            [3, 0.3],
            [4, 0.4],
          ]),
        );
      });
      kernel?.constrain?.();
    });
    // The first column has norm 5, the second 0.5; tfjs divides by the norm plus 1e-7.
    expectClose(kernel?.variable.dataSync() ?? [], [0.6, 0.3, 0.8, 0.4], { relative: 1e-5, absolute: 0 });
  });
});
