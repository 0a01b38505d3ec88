import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { isAmong, layersOf } from '@kd/model';

/**
 * Freezes all layers of a model except `chosen`, and returns a function that restores every flag. Without a
 * choice nothing is frozen.
 *
 * Layers that were already frozen stay frozen.
 */
export function freezeAllBut(model: LayersModel, chosen: readonly string[] | undefined): () => void {
  if (chosen === undefined) return () => undefined;
  const restores = layersOf(model)
    .filter((placed) => !isAmong(placed, chosen) && placed.layer.weights.length > 0)
    .map(({ layer }) => {
      // The flag of a layer overwrites those of its weights, which may have differed from it.
      const { trainable } = layer;
      const flags = layer.weights.map((weight): [LayerVariable, boolean] => [weight, weight.trainable]);
      layer.trainable = false;
      return () => {
        layer.trainable = trainable;
        for (const [weight, flag] of flags) weight.trainable = flag;
      };
    });
  return () => {
    for (const restore of restores) restore();
  };
}
