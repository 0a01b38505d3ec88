import type { layers, LayersModel } from '@tensorflow/tfjs-layers';

// tfjs gives these layers no seed of any kind.
const unseeded = ['GaussianNoise', 'GaussianDropout', 'AlphaDropout'];

/** Paths of the layers whose random numbers no seed reaches. */
export function unrepeatableLayers(model: LayersModel, prefix = ''): string[] {
  return model.layers.flatMap((layer: layers.Layer & { layers?: unknown }) => {
    const path = prefix + layer.name;
    if (Array.isArray(layer.layers)) return unrepeatableLayers(layer as LayersModel, `${path}/`);
    return unseeded.includes(layer.getClassName()) ? [path] : [];
  });
}
