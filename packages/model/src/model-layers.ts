import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describeValue, KdError, nearestNames, optionFault } from '@kd/core';
import type { Tap } from '@kd/core';
import { checkBuilt, checkModel } from './check-built.js';
import { applicationsOf, isContainer, modelIn } from './model-graph.js';
import type { Layer } from './model-graph.js';
import { resolveTap } from './resolve-tap.js';

/** A layer that is not a model itself, with its path: `backbone/conv2d_2`. */
export interface PlacedLayer {
  readonly path: string;
  /** The path, then those of the models around it, from the inside out. */
  readonly paths: readonly string[];
  readonly layer: Layer;
}

/** The layers of a model in the order of its `layers`, with nested models replaced by their layers. */
export function layersOf(model: LayersModel): PlacedLayer[] {
  checkModel('layersOf', 'model', model);
  const collect = (container: LayersModel, prefix: string, around: readonly string[]): PlacedLayer[] =>
    container.layers.flatMap((layer) => {
      const path = prefix + layer.name;
      const paths = [path, ...around];
      const nested = modelIn(layer);
      return nested === undefined ? [{ path, paths, layer }] : collect(nested, `${path}/`, paths);
    });
  return collect(model, '', []);
}

/**
 * Whether a layer, or a model around it, is in `chosen`.
 *
 * By its paths, not by how its path begins: a layer may be called `block/conv` without being in `block`.
 */
export function isAmong(
  { paths }: { readonly paths: readonly string[] },
  chosen: readonly string[],
): boolean {
  return paths.some((path) => chosen.includes(path));
}

/** Throws `KD_LAYER_UNKNOWN` unless each of `chosen` is the path of a layer or a nested model. */
export function checkLayers(
  where: string,
  argument: string,
  model: LayersModel,
  chosen: readonly unknown[],
): void {
  checkBuilt(where, 'model', model);
  const names: unknown = chosen;
  if (!Array.isArray(names))
    throw optionFault('TYPE', { where, argument }, 'an array of layers', chosen, 'Pass paths of layers.');
  const layers = layersOf(model);
  const paths = layers.map(({ path }) => path);
  for (const name of Array.from(chosen)) {
    if (typeof name === 'string' && layers.some((layer) => isAmong(layer, [name]))) continue;
    const nearest = typeof name === 'string' ? nearestNames(name, paths) : '';
    throw new KdError({
      code: 'KD_LAYER_UNKNOWN',
      where,
      argument,
      expected: `layers of ${JSON.stringify(model.name)}`,
      received: describeValue(name),
      remedy: `${nearest === '' ? '' : `Did you mean ${nearest}? `}The layers are ${paths.join(', ')}.`,
    });
  }
}

/**
 * The paths of the layers that a tapped value depends on, including the tapped layer: the student's lower
 * part in FitNets.
 *
 * @param where the calling function, for the message
 * @param model a built model
 * @param tap the value to stop at
 * @throws the errors of `resolveTap`
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { layersUpTo } from '@kd/model';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const dense = (name: string) => layers.dense({ name, units: 4, inputShape: [4] });
 * const model = sequential({ layers: ['first', 'guided', 'upper', 'logits'].map(dense) });
 * console.log(layersUpTo('example', model, 'guided').join());
 * // first,guided
 * ```
 */
export function layersUpTo(where: string, model: LayersModel, tap: Tap): string[] {
  const { key } = resolveTap(where, model, tap);
  const found = new Set<string>();
  collectAncestors(model, key.split('/'), '', found);
  return layersOf(model)
    .filter((layer) => isAmong(layer, [...found]))
    .map(({ path }) => path);
}

/** Adds the paths of all applications that the one with this key depends on, at every depth. */
function collectAncestors(
  container: LayersModel,
  [key, ...inner]: readonly string[],
  prefix: string,
  found: Set<string>,
): void {
  const applications = applicationsOf(container);
  const last = applications.find((application) => application.key === key);
  if (last === undefined) return;
  const needed = new Set<SymbolicTensor>(last.inputs);
  for (const { layer, inputs, outputs } of applications.slice(0, applications.indexOf(last)).reverse()) {
    if (!outputs.some((output) => needed.has(output))) continue;
    found.add(prefix + layer.name);
    for (const input of inputs) needed.add(input);
  }
  const path = prefix + last.layer.name;
  if (inner.length === 0 || !isContainer(last.layer)) found.add(path);
  else collectAncestors(last.layer, inner, `${path}/`, found);
}
