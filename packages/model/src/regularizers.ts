import type { Scalar } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkModel } from './check-built.js';
import { applicationsOf, isContainer } from './model-graph.js';
import type { Layer } from './model-graph.js';

/**
 * The values of all regularisers that a model's layers declare, each layer counted once. Call it under the
 * tape or in `tf.tidy`.
 */
export function regularizersOf(model: LayersModel): Scalar[] {
  checkModel('regularizersOf', 'model', model);
  return [...layersIn(model)].flatMap((layer) => layer.calculateLosses());
}

function layersIn(container: LayersModel, found = new Set<Layer>()): ReadonlySet<Layer> {
  for (const { layer } of applicationsOf(container)) {
    if (isContainer(layer)) layersIn(layer, found);
    else found.add(layer);
  }
  return found;
}
