import { layers, model as buildModel } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { modelOutputs, namedWeights } from '@kd/model';
import { conventions } from '@kd/core';
import type { NamedWeight } from '@kd/core';
import { student } from './student.js';
import type { Student } from './student.js';

const squashingLayer: Readonly<Record<'softmax' | 'sigmoid', (name: string) => layers.Layer>> = {
  // Over the classes: the layer's default axis is 1.
  softmax: (name) => layers.softmax({ name, axis: -1 }),
  sigmoid: (name) => layers.activation({ name, activation: 'sigmoid' }),
};

/**
 * A copy of a student for deployment: a plain tfjs model that outputs probabilities at T = 1.
 *
 * The copy has its own weights: training the student further does not change it, and you may dispose the
 * student. It contains nothing of `@kd`: it saves, loads and serves with tfjs alone.
 *
 * @param trained the trained model with its output convention
 * @returns a new `LayersModel` with a softmax (or sigmoid) after the logits; the caller disposes it
 * @throws `KD_MODEL_UNSUPPORTED`, `KD_MODEL_CONVENTION`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { forInference } from '@kd/recipe';
 * import { zeros, type Tensor } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4] })] });
 * const deployed = forInference({ model, convention: 'logits' });
 * const probabilities = deployed.predict(zeros([1, 4])) as Tensor;
 * console.log(Array.from(await probabilities.data()).join(' '));
 * // 0.5 0.5
 * ```
 */
export function forInference(trained: Student): LayersModel {
  const where = 'forInference';
  const { model, convention } = student.read({ where, argument: 'student' }, trained);
  const named = modelOutputs(where, 'student', model, convention);
  const copy = copyOf(model);
  const outputs = [...copy.outputs];
  for (const { name, position, convention: is } of named) {
    const { scale, squashing } = conventions[is];
    if (scale !== 'logits' || squashing === undefined) continue;
    const layer = squashingLayer[squashing](
      freeName(copy, named.length === 1 ? 'probabilities' : `${name}_probabilities`),
    );
    outputs[position] = layer.apply(outputs[position] as SymbolicTensor) as SymbolicTensor;
  }
  if (outputs.every((output, position) => output === copy.outputs[position])) return copy;
  return buildModel({ inputs: copy.inputs, outputs, name: copy.name });
}

/**
 * A name that no layer of a model has. tfjs generates names by counting the layers of this process, so they
 * can clash with a layer from a file.
 */
function freeName(model: LayersModel, name: string): string {
  const taken = new Set(namesIn(model));
  let free = name;
  for (let count = 1; taken.has(free); count++) free = `${name}_${String(count)}`;
  return free;
}

function namesIn(layer: layers.Layer): string[] {
  const { layers: inside = [] } = layer as Partial<LayersModel>;
  return [layer.name, ...inside.flatMap(namesIn)];
}

interface Rebuildable {
  fromConfig(constructor: unknown, config: unknown): LayersModel;
}

function copyOf(model: LayersModel): LayersModel {
  // The model's own constructor, so that a second copy of tfjs-layers in the process rebuilds its own kind.
  const constructor = model.constructor as unknown as Rebuildable;
  const copy = constructor.fromConfig(constructor, model.getConfig());
  const originals = namedWeights(model);
  const byName = new Map(originals.map(({ name, variable }) => [name, variable]));
  namedWeights(copy).forEach(({ name, variable }, index) => {
    // By name, because freezing one weight of a layer moves it behind the others. A wrapper that was renamed
    // after it was built names its weights differently from its copy, but in the same order.
    variable.assign(byName.get(name) ?? (originals[index] as NamedWeight).variable);
  });
  return copy;
}
