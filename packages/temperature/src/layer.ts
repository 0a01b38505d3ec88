import { layers } from '@tensorflow/tfjs-layers';
import { optionsOf, temperatureOption, text } from '@kd/core';

/** Options of `temperatureLayer`. */
export interface TemperatureLayerOptions {
  /** A number from 2^-63 to 2^63. */
  readonly temperature: number;
  /** Name of the layer; tfjs makes one by default. */
  readonly name?: string;
}

const temperatureLayerOptions = optionsOf<TemperatureLayerOptions>()({
  temperature: temperatureOption,
  name: text.optional(),
});

/**
 * A layer that divides logits by a temperature: `y = z / T`.
 *
 * It is tfjs's own `Rescaling` layer with scale `1 / T`, so plain tfjs-layers loads a model that contains it,
 * without this package.
 *
 * @returns a layer without weights, for inputs of any shape
 * @throws `KD_OPTION_RANGE` for a temperature that is not > 0; `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { temperatureLayer } from '@kd/temperature/layer';
 * import { tensor2d, type Tensor } from '@tensorflow/tfjs-core';
 * const softened = temperatureLayer({ temperature: 4 }).apply(tensor2d([[8, -4]])) as Tensor;
 * console.log(Array.from(await softened.data()).join(' '));
 * // 2 -1
 * ```
 */
export function temperatureLayer(options: TemperatureLayerOptions): layers.Layer {
  const { temperature, ...name } = temperatureLayerOptions.read('temperatureLayer', options);
  return layers.rescaling({ scale: 1 / temperature, ...name });
}
