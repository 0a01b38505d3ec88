import type { Layer } from './model-graph.js';

// Stock layers that compute each position [B, L, ...] from itself alone.
const byPosition = new Set([
  'Activation',
  'Add',
  'AlphaDropout',
  'Average',
  'Dense',
  'Dropout',
  'ELU',
  'Embedding',
  'GaussianDropout',
  'GaussianNoise',
  'LeakyReLU',
  'Maximum',
  'Minimum',
  'Multiply',
  'ReLU',
  'SpatialDropout1D',
  'ThresholdedReLU',
  'TimeDistributed',
]);

// Those that do if their axis is the last.
const alongTheLastAxis = new Set(['BatchNormalization', 'Concatenate', 'LayerNormalization', 'Softmax']);

/** Whether a layer is known to compute each position of a sequence `[B, L, ...]` from itself alone. */
export function worksByPosition(layer: Layer, rank: number): boolean {
  const className = layer.getClassName();
  if (byPosition.has(className)) return true;
  const { axis } = layer as Layer & { readonly axis?: number | readonly number[] };
  const axes = [axis ?? -1].flat();
  return alongTheLastAxis.has(className) && axes.every((each) => each === -1 || each === rank - 1);
}
