import { expectKdError, useBackend } from '@kd/testing';
import { zeros } from '@tensorflow/tfjs-core';
import { input } from '@tensorflow/tfjs-layers';
import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import * as api from './index.js';

const { AttentionContext, AttentionScores, AttentionWeights, KeptPositions } = api;
const { LearnedPositions, RotaryPositions, multiHeadAttention, transformerBlock } = api;
type Shape = readonly (number | null)[];

const symbol = (shape: Shape): SymbolicTensor => input({ batchShape: [...shape] });
const apply = (layer: layers.Layer, shapes: readonly Shape[]): unknown =>
  layer.apply(shapes.length === 1 ? symbol(shapes[0] ?? []) : shapes.map(symbol));

beforeAll(() => useBackend('cpu'));

describe.each([
  ['multiHeadAttention', multiHeadAttention],
  ['transformerBlock', transformerBlock],
] as const)('%s refuses', (where, build) => {
  it.each<[string, object, string, string]>([
    ['no name', { name: undefined }, 'KD_OPTION_TYPE', 'options.name'],
    ['an empty name', { name: '' }, 'KD_OPTION_TYPE', 'options.name'],
    ['a name that cannot name weights', { name: 'block 1' }, 'KD_OPTION_RANGE', 'options.name'],
    ['no heads', { heads: undefined }, 'KD_OPTION_TYPE', 'options.heads'],
    ['zero heads', { heads: 0 }, 'KD_OPTION_RANGE', 'options.heads'],
    ['heads that do not divide the width', { heads: 3 }, 'KD_OPTION_RANGE', 'a divisor of the width 8'],
    ['heads of odd width to rotate', { heads: 8, rotary: true }, 'KD_OPTION_RANGE', 'half the width 8'],
    ['a base of 0', { rotary: 0 }, 'KD_OPTION_RANGE', 'options.rotary'],
    ['a rate of 1', { dropout: 1 }, 'KD_OPTION_RANGE', 'options.dropout'],
    ['a choice that is not boolean', { causal: 1 }, 'KD_OPTION_TYPE', 'options.causal'],
    ['biases by number', { useBias: 0 }, 'KD_OPTION_TYPE', 'options.useBias'],
    ['a seed below zero', { seed: -1 }, 'KD_OPTION_RANGE', 'options.seed'],
    ['a misspelt option', { casual: true }, 'KD_OPTION_UNKNOWN', 'causal'],
    ['a mask of numbers', { mask: [1, 1, 1, 1, 0] }, 'KD_OPTION_TYPE', 'options.mask'],
    ['a mask of another length', { mask: symbol([null, 4]) }, 'KD_TENSOR_SHAPE', '[B, 5]'],
    ['a mask of another rank', { mask: symbol([null, 5, 5]) }, 'KD_TENSOR_SHAPE', 'options.mask'],
  ])('%s', (_, options, code, part) =>
    expectKdError(() => build(symbol([null, 5, 8]), { name: 'b', heads: 2, ...options }), code, where, part),
  );

  it.each<[string, unknown, string]>([
    ['numbers', [[[1, 2]]], 'KD_OPTION_TYPE'],
    ['a sequence of ids', symbol([null, 5]), 'KD_TENSOR_SHAPE'],
    ['an unknown width', symbol([null, 5, null]), 'KD_TENSOR_SHAPE'],
    ['nothing', undefined, 'KD_OPTION_TYPE'],
  ])('%s', (_, given, code) =>
    expectKdError(() => build(given as SymbolicTensor, { name: 'b', heads: 2 }), code, where),
  );
});

describe('multiHeadAttention to another sequence refuses', () => {
  const build =
    (keyValue: unknown, more = {}) =>
    () =>
      multiHeadAttention(symbol([null, 5, 8]), {
        name: 'b',
        heads: 2,
        keyValue: keyValue as SymbolicTensor,
        ...more,
      });

  it('ids', () => expectKdError(build(symbol([null, 3])), 'KD_TENSOR_SHAPE', 'options.keyValue'));
  it('a mask of the queries', () =>
    expectKdError(build(symbol([null, 3, 4]), { mask: symbol([null, 5]) }), 'KD_TENSOR_SHAPE', '[B, 3]'));
  it('to be causal, with another length', () =>
    expectKdError(build(symbol([null, 3, 4]), { causal: true }), 'KD_TENSOR_SHAPE', 'b_weights', 'causal'));
});

describe('transformerBlock refuses', () => {
  it.each<[string, object, string, string]>([
    ['no hidden units', { hidden: 0 }, 'KD_OPTION_RANGE', 'options.hidden'],
    ['an activation over all features', { activation: 'softmax' }, 'KD_OPTION_RANGE', '"gelu"'],
    ['an order of normalisation by name', { normFirst: 'pre' }, 'KD_OPTION_TYPE', 'options.normFirst'],
    ['an epsilon of 0', { epsilon: 0 }, 'KD_OPTION_RANGE', 'options.epsilon'],
    ['another sequence', { keyValue: symbol([null, 5, 8]) }, 'KD_OPTION_UNKNOWN', 'keyValue'],
  ])('%s', (_, options, code, part) =>
    expectKdError(
      () => transformerBlock(symbol([null, 5, 8]), { name: 'b', heads: 2, ...options }),
      code,
      part,
    ),
  );
});

describe('a layer refuses', () => {
  it.each<[string, () => unknown, string, string]>([
    ['no heads', () => new AttentionScores({} as never), 'KD_OPTION_TYPE', 'config.heads'],
    ['half a head', () => new RotaryPositions({ heads: 0.5 }), 'KD_OPTION_RANGE', 'config.heads'],
    [
      'a base of infinity',
      () => new RotaryPositions({ heads: 1, base: Infinity }),
      'KD_OPTION_RANGE',
      'config.base',
    ],
    ['a length of 0', () => new LearnedPositions({ maxLength: 0 }), 'KD_OPTION_RANGE', 'config.maxLength'],
    [
      'causal by name',
      () => new AttentionWeights({ causal: 'yes' } as never),
      'KD_OPTION_TYPE',
      'config.causal',
    ],
    [
      'a misspelt option',
      () => new AttentionWeights({ casual: true } as never),
      'KD_OPTION_UNKNOWN',
      'causal',
    ],
    ['a name with a space', () => new AttentionContext({ name: 'a b' }), 'KD_OPTION_RANGE', 'config.name'],
    ['options that are not an object', () => new KeptPositions('kept' as never), 'KD_OPTION_TYPE', 'config'],
  ])('%s', (_, make, code, part) => expectKdError(make, code, part));

  it('nothing that tfjs passes to every layer', () => {
    const every = { trainable: false, dtype: 'float32', batchInputShape: [null, 2, 4] };
    const layer = new RotaryPositions({ heads: 1, ...every });
    expect(layer.getConfig()).toMatchObject({ ...every, heads: 1, base: 10_000 });
  });

  it.each<[string, () => layers.Layer, readonly Shape[]]>([
    ['queries alone', () => new AttentionScores({ heads: 2 }), [[null, 5, 4]]],
    ['queries and keys of other widths', () => new AttentionScores({ heads: 2 }), [[null, 5, 4], [null, 5, 6]]],
    ['a width that heads do not divide', () => new AttentionScores({ heads: 2 }), [[null, 5, 3], [null, 5, 3]]],
    ['queries and keys of other batches', () => new AttentionScores({ heads: 2 }), [[2, 5, 4], [3, 5, 4]]],
    ['queries of heads', () => new AttentionScores({ heads: 2 }), [[null, 2, 5, 2], [null, 2, 5, 2]]],
    ['scores of no heads', () => new AttentionWeights(), [[null, 5, 5]]],
    ['a mask of queries and keys', () => new AttentionWeights(), [[null, 2, 5, 5], [null, 5, 5]]],
    ['a mask of another length', () => new AttentionWeights(), [[null, 2, 5, 5], [null, 4]]],
    ['three inputs', () => new AttentionWeights(), [[null, 2, 5, 5], [null, 5], [null, 5]]],
    ['causal scores of other lengths', () => new AttentionWeights({ causal: true }), [[null, 2, 5, 4]]],
    ['weights alone', () => new AttentionContext(), [[null, 2, 5, 5]]],
    ['values of another length', () => new AttentionContext(), [[null, 2, 5, 5], [null, 4, 4]]],
    ['values that heads do not divide', () => new AttentionContext(), [[null, 2, 5, 5], [null, 5, 3]]],
    ['no mask', () => new KeptPositions(), [[null, 5, 4]]],
    ['a mask of features', () => new KeptPositions(), [[null, 5, 4], [null, 4]]],
    ['a longer sequence', () => new LearnedPositions({ maxLength: 4 }), [[null, 5, 4]]],
    ['ids in place of a sequence', () => new LearnedPositions({ maxLength: 4 }), [[null, 4]]],
    ['heads of an odd width', () => new RotaryPositions({ heads: 2 }), [[null, 5, 6]]],
    ['two sequences', () => new RotaryPositions({ heads: 1 }), [[null, 5, 6], [null, 5, 6]]],
  ])('%s', async (_, make, shapes) => {
    const layer = make();
    const name = layer.getClassName();
    // Each unknown size as 2, with numbers.
    const known = shapes.map((shape) => zeros(shape.map((size) => size ?? 2)));
    await expectKdError(() => apply(layer, shapes), 'KD_TENSOR_SHAPE', name);
    await expectKdError(() => make().apply(known), 'KD_TENSOR_SHAPE', name);
  }); // prettier-ignore

  it('a sequence that turns out to be longer when it runs', () => {
    const layer = new LearnedPositions({ maxLength: 4, name: 'positions' });
    expect((layer.apply(symbol([null, null, 2])) as SymbolicTensor).shape).toEqual([null, null, 2]);
    return expectKdError(
      () => layer.apply(zeros([1, 5, 2])),
      'KD_TENSOR_SHAPE',
      'LearnedPositions positions',
      '4',
    );
  });
});
