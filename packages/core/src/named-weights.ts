import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { isContainer } from './model-graph.js';

/** A weight of a model under a name that does not depend on `trainable` flags or on the order of creation. */
export interface NamedWeight {
  /** Path of the layer and name of the weight: `backbone/dense_1/kernel`. */
  readonly name: string;
  readonly variable: Variable;
  /** Whether it is to be trained: its layer and every model around it are trainable. */
  readonly trainable: boolean;
  /** Puts the variable back inside the constraint that the layer declares (a max-norm, say); absent without one. */
  readonly constrain?: () => void;
}

/**
 * The weights of a model by layer and name, each once, nested models included.
 *
 * `model.getWeights()` reorders when a layer is frozen, and `outer.trainable = false` leaves the weights of a nested
 * model trainable; here neither happens.
 */
export function namedWeights(model: LayersModel): NamedWeight[] {
  const names = new Map<string, number>();
  const seen = new Set<LayerVariable>();
  const unique = (name: string): string => {
    const count = names.get(name) ?? 0;
    names.set(name, count + 1);
    return count === 0 ? name : `${name}#${String(count)}`;
  };
  const collect = (container: LayersModel, prefix: string, trainable: boolean): NamedWeight[] =>
    container.layers.flatMap((layer) => {
      const path = prefix + layer.name;
      const learns = trainable && layer.trainable;
      if (isContainer(layer)) return collect(layer, `${path}/`, learns);
      const trained = new Set(layer.trainableWeights);
      return layer.weights
        .filter((weight) => !seen.has(weight) && seen.add(weight))
        .map((weight) => ({
          name: unique(`${path}/${weight.originalName.split('/').at(-1) ?? ''}`),
          variable: weight.read() as Variable,
          trainable: learns && trained.has(weight),
          // The type says there is always a constraint; tfjs stores null without one.
          ...((weight.constraint as unknown) === null
            ? {}
            : { constrain: () => void weight.write(weight.read()) }),
        }));
    });
  return collect(model, '', model.trainable);
}
