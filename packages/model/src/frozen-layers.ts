import type { LayersModel } from '@tensorflow/tfjs-layers';
import { isContainer, modelIn } from './model-graph.js';
import type { Layer } from './model-graph.js';

/** The layers with weights that must not learn: frozen themselves, or part of a frozen model at any depth. */
export function frozenLayers(model: LayersModel): ReadonlySet<Layer> {
  const frozen = new Set<Layer>();
  const collect = (container: LayersModel, trainable: boolean): void => {
    for (const layer of container.layers) {
      const learns = trainable && layer.trainable;
      const nested = modelIn(layer);
      if (nested !== undefined) collect(nested, learns);
      if (isContainer(layer) || layer.weights.length === 0) continue;
      if (!learns || !hasUnfrozenWeights(layer)) frozen.add(layer);
    }
  };
  collect(model, model.trainable);
  return frozen;
}

// `backbone.trainable = false` freezes the weights of its layers but does not change `layer.trainable`. In a
// model built on the outputs of the backbone, only the weights show it. A layer created without trainable
// weights is not frozen: its weights are statistics.
function hasUnfrozenWeights(layer: Layer): boolean {
  const { _trainableWeights: declared } = layer as unknown as {
    readonly _trainableWeights: Layer['weights'];
  };
  return declared.length === 0 || declared.some((weight) => weight.trainable);
}
