import type { Tensor } from '@tensorflow/tfjs-core';
import { subSeed } from '@kd/core';
import type { BuiltModules, Modules, Part } from '@kd/core';
import { runLayer } from '@kd/model';
import type { BuiltModule } from './built-modules.js';
import { isLayer } from './built-modules.js';
import { mapValues } from './sources.js';

/** How the layers of modules run in a step. */
export interface StepContext {
  readonly training: boolean;
  readonly seed: number | undefined;
}

/** Built modules as a loss sees them: layers as functions that train, draw and freeze as the step says. */
export function callableModules(
  modules: Readonly<Record<string, BuiltModule>>,
  frozen: (name: string) => boolean,
  { training, seed }: StepContext,
): BuiltModules<Modules> {
  return mapValues(modules, ({ module, parts }, key) => {
    const context = (part: string): StepContext => ({
      training: training && !frozen(key),
      seed: seed === undefined ? undefined : subSeed(seed, 'module', module.name, part),
    });
    return mapValues(parts, (part, name) =>
      Array.isArray(part)
        ? (part as readonly Part[]).map((one, index) => callable(one, context(`${name}/${String(index)}`)))
        : callable(part as Part, context(name)),
    );
  });
}

function callable(part: Part, context: StepContext): Tensor | ((...inputs: Tensor[]) => Tensor) {
  if (!isLayer(part)) return part;
  return (...inputs) => runLayer(part, inputs, context);
}
