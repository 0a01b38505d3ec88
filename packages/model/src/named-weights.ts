import { clone, tidy } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import type { NamedWeight } from '@kd/core';
import { checkBuilt } from './check-built.js';
import { frozenLayers } from './frozen-layers.js';
import { modelIn } from './model-graph.js';
import type { Layer } from './model-graph.js';

/**
 * The weights of a model by layer and name, each once, including nested models.
 *
 * `model.getWeights()` changes its order when a layer is frozen, and `outer.trainable = false` leaves the
 * weights of a nested model trainable; this function avoids both.
 *
 * @throws `KD_MODEL_UNSUPPORTED` for anything but a built model
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { namedWeights } from '@kd/model';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const backbone = sequential({
 *   name: 'backbone',
 *   layers: [layers.dense({ name: 'hidden', units: 8, inputShape: [4] })],
 * });
 * const model = sequential({ layers: [backbone, layers.dense({ name: 'logits', units: 3, useBias: false })] });
 * backbone.trainable = false;
 * for (const { name, variable, trainable } of namedWeights(model)) console.log(name, variable.shape, trainable);
 * // backbone/hidden/kernel [ 4, 8 ] false
 * // backbone/hidden/bias [ 8 ] false
 * // logits/kernel [ 8, 3 ] true
 * ```
 */
export function namedWeights(model: LayersModel): NamedWeight[] {
  checkBuilt('namedWeights', 'model', model);
  return weightsIn(model);
}

/** The same for anything with layers. */
export function weightsIn(model: LayersModel): NamedWeight[] {
  const frozen = frozenLayers(model);
  const names = new Map<string, number>();
  const seen = new Set<LayerVariable>();
  const unique = (name: string): string => {
    const count = names.get(name) ?? 0;
    names.set(name, count + 1);
    return count === 0 ? name : `${name}#${String(count)}`;
  };
  const collect = (container: LayersModel, prefix: string, around: readonly string[]): NamedWeight[] =>
    container.layers.flatMap((layer) => {
      const path = prefix + layer.name;
      const paths = [path, ...around];
      const nested = modelIn(layer);
      if (nested !== undefined) return collect(nested, `${path}/`, paths);
      const trained = frozen.has(layer) ? [] : layer.trainableWeights;
      return layer.weights
        .filter((weight) => !seen.has(weight) && seen.add(weight))
        .map((weight) => ({
          name: unique(`${path}/${nameIn(layer, weight)}`),
          variable: weight.read() as Variable,
          paths,
          trainable: trained.includes(weight),
          ...constraintOf(weight),
        }));
    });
  return collect(model, '', []);
}

/** The weight's name within its layer: `kernel`, or `forward_lstm/kernel` in a bidirectional layer. */
function nameIn(layer: Layer, { originalName }: LayerVariable): string {
  const scopes = originalName.split('/');
  // If a layer was renamed after it was built, the names of its weights still hold the old name.
  const own = scopes.lastIndexOf(layer.name);
  return scopes.slice(own === -1 ? -1 : own + 1).join('/');
}

function constraintOf(weight: LayerVariable): Pick<NamedWeight, 'constrain'> {
  // The type says there is always a constraint, but tfjs stores null if there is none.
  if ((weight.constraint as unknown) === null) return {};
  const constrain = (): void => {
    tidy(() => {
      // tfjs skips writing a variable to itself, and then also skips the constraint.
      weight.write(clone(weight.read()));
    });
  };
  return { constrain };
}
