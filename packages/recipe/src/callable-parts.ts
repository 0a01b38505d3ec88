import type { Tensor } from '@tensorflow/tfjs-core';
import { subSeed } from '@kd/core';
import type { BuiltModules, Modules, Part, Seed } from '@kd/core';
import { runLayer } from '@kd/model';
import type { BuiltModule } from './built-modules.js';
import { isLayer } from './built-modules.js';
import { mapValues } from './sources.js';

/** How the layers of modules run in a step. */
export interface StepContext {
  readonly training: boolean;
  /** Of the random numbers; if undefined, layers draw as usual. */
  readonly seed: Seed | undefined;
}

/** How one part of a module runs in a step. */
interface PartContext extends StepContext {
  /** Where the layer draws its random numbers when it is called for the nth time. */
  readonly placeOf: (call: number) => number;
}

/**
 * Built modules as the loss of a term sees them: layers as functions that train, draw and freeze as the step
 * says. Each call draws other numbers, also for a module that several terms use.
 */
export function callableModules(
  term: string,
  modules: Readonly<Record<string, BuiltModule>>,
  frozen: (name: string) => boolean,
  { training, seed }: StepContext,
): BuiltModules<Modules> {
  return mapValues(modules, ({ module, parts }, key) => {
    const context = (part: string): PartContext => ({
      training: training && !frozen(key),
      seed,
      placeOf: (call) => subSeed(0, 'module', term, module.name, part, call),
    });
    return mapValues(parts, (part, name) =>
      Array.isArray(part)
        ? (part as readonly Part[]).map((one, index) => callable(one, context(`${name}/${String(index)}`)))
        : callable(part as Part, context(name)),
    );
  });
}

function callable(
  part: Part,
  { training, seed, placeOf }: PartContext,
): Tensor | ((...inputs: Tensor[]) => Tensor) {
  if (!isLayer(part)) return part;
  let calls = 0;
  return (...inputs) => runLayer(part, inputs, { training, seed, place: placeOf(calls++) });
}
