import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectKdError, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import type { Tap } from '@kd/core';
import { listTaps, resolveTap } from './resolve-tap.js';

await useBackend('cpu');

/** `inner` is [dense "hidden", dropout "drop"], applied twice; `shared` is applied before and after. */
function build(): LayersModel {
  const inner = sequential({
    name: 'inner',
    layers: [
      layers.dense({ name: 'hidden', units: 3, inputShape: [3], activation: 'relu' }),
      layers.dropout({ name: 'drop', rate: 0.5 }),
    ],
  });
  const shared = layers.dense({ name: 'shared', units: 3 });
  const inputs = input({ shape: [3], name: 'x' });
  let value = shared.apply(inputs) as SymbolicTensor;
  for (const layer of [inner, inner, shared, layers.softmax({ name: 'softmax' })]) {
    value = layer.apply(value) as SymbolicTensor;
  }
  return functional({ inputs, outputs: value, name: 'student' });
}

describe('listTaps', () => {
  it('lists each application in the order of computation, a nested model after its layers', () => {
    const taps = listTaps(build());
    expect(taps.map(({ path }) => path)).toEqual([
      'shared',
      'inner/hidden',
      'inner/drop',
      'inner',
      'inner/hidden',
      'inner/drop',
      'inner',
      'shared',
      'softmax',
    ]);
    expect(new Set(taps.map(({ key }) => key)).size).toBe(9);
    expect(taps.map(({ hasActivation }) => hasActivation)).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(taps.every(({ shape }) => JSON.stringify(shape) === '[null,3]')).toBe(true);
    const withKernel = taps.filter(({ hasKernel }) => hasKernel).map(({ path }) => path);
    expect(withKernel).toEqual(['shared', 'inner/hidden', 'inner', 'inner/hidden', 'inner', 'shared']);
  });

  it('lists only layers that lead to the outputs of this model', () => {
    const shared = layers.dense({ name: 'shared', units: 3 });
    const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
    const [onA, onB] = [shared.apply(a), shared.apply(b)] as [SymbolicTensor, SymbolicTensor];
    layers.dense({ name: 'unused', units: 1 }).apply(onA);
    functional({ inputs: b, outputs: onB });
    expect(listTaps(functional({ inputs: a, outputs: onA })).map(({ path }) => path)).toEqual(['shared']);
  });

  it('finds a layer added to a Sequential later', () => {
    const model = sequential({ layers: [layers.dense({ name: 'a', units: 2, inputShape: [2] })] });
    expect(listTaps(model)).toHaveLength(1);
    model.add(layers.dense({ name: 'b', units: 2 }));
    expect(listTaps(model).map(({ path }) => path)).toEqual(['a', 'b']);
    model.pop();
    expect(listTaps(model).map(({ path }) => path)).toEqual(['a']);
  });

  it('does not take any member called activation for an activation', () => {
    class Odd extends layers.Layer {
      static readonly className = 'Odd';
      readonly activation = 'relu';
    }
    expect(listTaps(sequential({ layers: [new Odd({ inputShape: [2] })] }))[0]?.hasActivation).toBe(false);
  });
});

describe('resolveTap', () => {
  it('finds a layer by name, with its output by default', () => {
    expect(resolveTap('test', build(), 'softmax')).toEqual({
      key: 'softmax:0',
      at: 'output',
      shape: [null, 3],
      activation: 'softmax',
    });
    expect(resolveTap('test', build(), { layer: 'softmax', node: 0 }).at).toBe('output');
  });

  it('names the activation that produces a value, if it can be known', () => {
    const model = build();
    const of = (tap: Tap): string | undefined => resolveTap('test', model, tap).activation;
    expect(of({ layer: 'shared', node: 0 })).toBe('linear');
    expect(of({ layer: 'inner/hidden', node: 0 })).toBe('relu');
    expect(of({ layer: 'inner/hidden', node: 0, at: 'preActivation' })).toBe('linear');
    expect(of({ layer: 'inner/drop', node: 0 })).toBeUndefined();
    expect(of({ layer: 'inner', node: 0 })).toBeUndefined();
    const relu = sequential({ layers: [layers.reLU({ name: 'relu', inputShape: [2] })] });
    expect(resolveTap('test', relu, 'relu').activation).toBe('relu');
  });

  it('suggests names with similar spelling', async () => {
    const remedies: [string, string][] = [
      ['Softmax', '"softmax"'],
      ['hiden', '"inner/hidden"'],
      ['iner', '"inner"'],
      ['conv2d_1', '"conv2d_1"'],
    ];
    for (const [tap, remedy] of remedies) {
      await expectKdError(() => resolveTap('hint', build(), tap), 'KD_TAP_UNKNOWN', remedy);
    }
  });

  it('numbers the applications in the order in which they were made, 10 after 9', () => {
    const shared = layers.dense({ name: 'shared', units: 2 });
    const inputs = input({ shape: [2] });
    const values = Array.from({ length: 12 }, () => shared.apply(inputs) as SymbolicTensor);
    const model = functional({ inputs, outputs: layers.add().apply(values.toReversed()) as SymbolicTensor });
    const keys = values.map((_, node) => resolveTap('test', model, { layer: 'shared', node }).key);
    expect(keys).toEqual(values.map((_, node) => `shared:${String(node)}`));
  });

  it('refuses an unknown layer, and lists all layers with their shapes, each once', async () => {
    const model = build();
    await expectKdError(
      () => resolveTap('hint', model, 'hiden'),
      'KD_TAP_UNKNOWN',
      'hint',
      'tap "hiden"',
      '"hiden"',
      '[?,3]',
    );
    // Neither the input nor a layer without the path of its model.
    for (const tap of ['x', 'hidden', 'inner/', '']) {
      await expectKdError(() => resolveTap('hint', model, tap), 'KD_TAP_UNKNOWN', JSON.stringify(tap));
    }
  });

  it('refuses a layer that is applied several times without a node, and a node that it does not have', async () => {
    const model = build();
    const nodes: [Tap, string][] = [
      ['shared', 'no node'],
      [{ layer: 'shared', node: 2 }, '2'],
      [{ layer: 'shared', node: -1 }, '-1'],
      [{ layer: 'shared', node: 0.5 }, '0.5'],
    ];
    for (const [tap, received] of nodes) {
      await expectKdError(
        () => resolveTap('hint', model, tap),
        'KD_TAP_AMBIGUOUS',
        'tap "shared',
        '0',
        '1',
        received,
        '"shared"',
        '0',
      );
    }
    await expectKdError(
      () => resolveTap('hint', model, { layer: 'softmax', node: 1 }),
      'KD_TAP_AMBIGUOUS',
      '"softmax#1"',
      '0',
    );
  });

  it('refuses the pre-activation of a layer without an activation of its own', async () => {
    const model = build();
    for (const layer of ['softmax', 'inner/drop', 'inner']) {
      const node = layer === 'softmax' ? {} : { node: 1 };
      await expectKdError(
        () => resolveTap('hint', model, { layer, ...node, at: 'preActivation' }),
        'KD_TAP_UNSUPPORTED',
        `the layer ${layer}`,
        '@preActivation',
      );
    }
  });

  it('refuses values that are not taps', async () => {
    const model = build();
    const wrong: [unknown, string, string][] = [
      [undefined, 'a tap', 'undefined'],
      [3, 'a tap', '3'],
      [null, 'a tap', 'null'],
      [{ node: 0 }, 'a tap', 'an object with node'],
      [{ layer: 'softmax', at: 'input' }, 'at of tap "softmax"', '"input"'],
    ];
    for (const [tap, argument, received] of wrong) {
      await expectKdError(() => resolveTap('hint', model, tap as Tap), 'KD_OPTION_TYPE', argument, received);
    }
  });
});
