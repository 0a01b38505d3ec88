import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { frozenLayers } from './frozen-layers.js';

await useBackend('cpu');

describe('frozenLayers', () => {
  const build = () => {
    const first = layers.dense({ units: 2, inputShape: [2] });
    const drop = layers.dropout({ rate: 0.5 });
    const inner = sequential({ layers: [first, drop] });
    const last = layers.dense({ units: 2 });
    const inputs = input({ shape: [2] });
    const outputs = last.apply(inner.apply(inputs)) as SymbolicTensor;
    return { first, drop, inner, last, model: functional({ inputs, outputs }) };
  };

  it('is empty for a model that learns', () => {
    expect(frozenLayers(build().model)).toEqual(new Set());
  });

  it('contains the layers with weights of a frozen model, and follows the flag', () => {
    const { model, inner, first, last } = build();
    inner.trainable = false;
    expect(frozenLayers(model)).toEqual(new Set([first]));
    inner.trainable = true;
    last.trainable = false;
    expect(frozenLayers(model)).toEqual(new Set([last]));
    model.trainable = false;
    expect(frozenLayers(model)).toEqual(new Set([first, last]));
  });

  it('contains a wrapper together with its content', () => {
    const dense = layers.dense({ units: 2, inputShape: [2] });
    const each = layers.timeDistributed({ layer: sequential({ layers: [dense] }), inputShape: [3, 2] });
    const model = sequential({ layers: [each] });
    expect(frozenLayers(model)).toEqual(new Set());
    each.trainable = false;
    expect(frozenLayers(model)).toEqual(new Set([each, dense]));
  });
});
