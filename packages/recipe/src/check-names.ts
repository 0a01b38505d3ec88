import type { Module, NamedWeight } from '@kd/core';
import { layersOf } from '@kd/model';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { twice } from './built-modules.js';

/** Learning rates and stages know layers and modules by one name. */
export function checkNamesOfModules(modules: readonly Module[], model: LayersModel): void {
  const taken = layersOf(model).flatMap(({ paths }) => paths);
  const duplicate = modules.find(({ name }) => taken.includes(name));
  if (duplicate !== undefined) throw twice(duplicate.name);
}

/** Weights are saved by name: two with the same name would become one. */
export function checkNamesOfWeights(weights: readonly NamedWeight[], others: readonly NamedWeight[]): void {
  const taken = new Set(others.map(({ name }) => name));
  const duplicate = weights.find(
    ({ name }, index) => taken.has(name) || weights.findIndex((other) => other.name === name) !== index,
  );
  if (duplicate !== undefined) throw twice(duplicate.name);
}
