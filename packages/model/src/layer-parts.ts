import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LayerLike, NamedWeight, Seed } from '@kd/core';
import { applyLayer } from './apply-layer.js';
import { drawsAt } from './draws/draws.js';
import { forward } from './forward.js';
import { isContainer } from './model-graph.js';
import type { Layer } from './model-graph.js';
import { weightsIn } from './named-weights.js';
import { regularizersOf } from './regularizers.js';

/** How a single layer or model runs. */
export interface LayerContext {
  readonly training: boolean;
  /** Makes dropout repeatable; if undefined, the layer draws as usual. */
  readonly seed: Seed | undefined;
  /** Which of the runs with this seed it is, as in `forward`; default 0. */
  readonly place?: number;
}

/** Whether a layer has its weights, or a model its layers. */
export function isBuiltLayer(layer: LayerLike): boolean {
  const candidate = layer as unknown as Layer;
  return isContainer(candidate) ? candidate.outputs.length > 0 : candidate.built;
}

/** The first output of a layer or model that does not belong to a student. Call it under the tape. */
export function runLayer(layer: LayerLike, inputs: readonly Tensor[], context: LayerContext): Tensor {
  const { training, seed, place = 0 } = context;
  const candidate = layer as unknown as Layer;
  const draws = seed === undefined ? undefined : drawsAt(seed, place);
  const outputs = isContainer(candidate)
    ? forward(candidate, inputs, { training, place, ...(seed === undefined ? {} : { seed }) }).outputs
    : applyLayer(candidate, [...inputs], { training, draws, mask: undefined });
  return outputs[0] as Tensor;
}

/**
 * The weights of a layer or model as `<prefix>/<position>/<weight>`.
 *
 * By position, because tfjs numbers unnamed layers by how many this process has made.
 *
 * @param paths the paths of the weights
 */
export function weightsOfLayer(layer: LayerLike, prefix: string, paths: readonly string[]): NamedWeight[] {
  return weightsIn(containerOf(layer)).map((weight, position) => {
    const own = weight.name.slice(weight.name.lastIndexOf('/') + 1);
    return { ...weight, name: `${prefix}/${String(position)}/${own}`, paths };
  });
}

/** The values of the regularisers that a layer or model declares. */
export function penaltiesOfLayer(layer: LayerLike): Scalar[] {
  const candidate = layer as unknown as Layer;
  return isContainer(candidate) ? regularizersOf(candidate) : candidate.calculateLosses();
}

function containerOf(layer: LayerLike): LayersModel {
  const candidate = layer as unknown as Layer;
  return isContainer(candidate)
    ? candidate
    : ({ layers: [layer], trainable: true } as unknown as LayersModel);
}
