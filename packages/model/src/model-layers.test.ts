import { expectKdError, useBackend } from '@kd/testing';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { checkLayers, isAmong, layersOf, layersUpTo } from './model-layers.js';

await useBackend('cpu');

const dense = (name: string, inputShape?: number[]) =>
  layers.dense({ name, units: 3, ...(inputShape === undefined ? {} : { inputShape }) });

/** `x -> stem -> inner (a -> b) -> left | right (from stem) -> sum -> logits`. */
function build(): LayersModel {
  const x = input({ shape: [3], name: 'x' });
  const inner = sequential({ name: 'inner', layers: [dense('a', [3]), dense('b')] });
  const apply = (layer: ReturnType<typeof dense> | LayersModel, value: SymbolicTensor): SymbolicTensor =>
    layer.apply(value) as SymbolicTensor;
  const stem = apply(dense('stem'), x);
  const left = apply(dense('left'), apply(inner, stem));
  const right = apply(dense('right'), stem);
  const sum = layers.add({ name: 'sum' }).apply([left, right]) as SymbolicTensor;
  return functional({ inputs: x, outputs: apply(dense('logits'), sum), name: 'student' });
}

const withoutInputs = (paths: readonly string[]): string[] =>
  paths.filter((path) => path !== 'x' && !path.includes('input'));

describe('layersOf', () => {
  it('returns every layer once, with the path of the models around it', () => {
    expect(withoutInputs(layersOf(build()).map(({ path }) => path)).sort()).toEqual(
      ['inner/a', 'inner/b', 'left', 'logits', 'right', 'stem', 'sum'].sort(),
    );
  });
});

describe('layersUpTo', () => {
  it.each([
    ['stem', ['stem']],
    ['right', ['right', 'stem']],
    ['left', ['inner/a', 'inner/b', 'left', 'stem']],
    ['inner', ['inner/a', 'inner/b', 'stem']],
    ['inner/a', ['inner/a', 'stem']],
    ['sum', ['inner/a', 'inner/b', 'left', 'right', 'stem', 'sum']],
    [{ layer: 'inner/b', at: 'preActivation' } as const, ['inner/a', 'inner/b', 'stem']],
  ])('%j depends on %j', (tap, expected) => {
    expect(withoutInputs(layersUpTo('test', build(), tap)).sort()).toEqual(expected);
  });

  it('includes a layer that is applied later only if it is needed', () => {
    const shared = dense('shared', [3]);
    const x = input({ shape: [3], name: 'x' });
    const first = shared.apply(x) as SymbolicTensor;
    const middle = dense('middle').apply(first) as SymbolicTensor;
    const model = functional({ inputs: x, outputs: shared.apply(middle) as SymbolicTensor });
    expect(withoutInputs(layersUpTo('test', model, { layer: 'shared', node: 0 }))).toEqual(['shared']);
    expect(withoutInputs(layersUpTo('test', model, { layer: 'shared', node: 1 })).sort()).toEqual([
      'middle',
      'shared',
    ]);
  });

  it('refuses an unknown tap', () =>
    expectKdError(() => layersUpTo('test', build(), 'lefft'), 'KD_TAP_UNKNOWN', '"left"'));
});

describe('checkLayers', () => {
  it('accepts layers and nested models', () => {
    checkLayers('test', 'layers', build(), ['stem', 'inner', 'inner/a']);
    expect(isAmong({ paths: ['inner/a', 'inner'] }, ['inner'])).toBe(true);
    // A layer with a slash in its name is in no model of that beginning.
    expect(isAmong({ paths: ['inner/a'] }, ['inner'])).toBe(false);
    expect(isAmong({ paths: ['inner2/a', 'inner2'] }, ['inner'])).toBe(false);
  });

  it.each([
    ['steem', '"stem"'],
    ['a', '"inner/a"'],
    ['', '""'],
    [3 as never, '3'],
  ])('refuses %j', (name, part) =>
    expectKdError(
      () => {
        checkLayers('test', 'layers', build(), ['stem', name]);
      },
      'KD_LAYER_UNKNOWN',
      part,
    ),
  );
});
