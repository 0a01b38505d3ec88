import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { subSeed } from '@kd/core';
import type { BlockActivation } from './options.js';

/** Applies a layer to symbolic tensors. */
export function applied(
  layer: layers.Layer,
  ...inputs: readonly [SymbolicTensor, ...SymbolicTensor[]]
): SymbolicTensor {
  return layer.apply(inputs.length === 1 ? inputs[0] : [...inputs]) as SymbolicTensor;
}

/** What the dense layers of a block have in common. */
export interface Drawn {
  readonly useBias: boolean;
  readonly seed?: number;
}

/** A dense layer, whose kernel is drawn from the seed of its block and its name, uniform by Glorot. */
export function dense(
  name: string,
  units: number,
  { useBias, seed }: Drawn,
  activation: BlockActivation = 'linear',
): layers.Layer {
  const own = seed === undefined ? {} : { seed: subSeed(seed, name) };
  const kernelInitializer = initializers.glorotUniform(own);
  return layers.dense({ name, units, useBias, activation, kernelInitializer });
}

/** Drops numbers in a training. Adds no layer for a rate of 0. */
export function dropped(x: SymbolicTensor, rate: number, name: string): SymbolicTensor {
  return rate === 0 ? x : applied(layers.dropout({ rate, name }), x);
}
