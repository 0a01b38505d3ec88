import { subSeed } from '@kd/core';
import type { ModuleState, NamedWeight, Term, TermShapes } from '@kd/core';

/** The built modules of a recipe. */
export interface Modules {
  readonly states: Readonly<Record<string, ModuleState>>;
  /** Their variables under `module/variable`. */
  readonly trainable: readonly NamedWeight[];
  readonly dispose: () => void;
}

/** Builds every module of the terms once, with a seed of its own; a module that serves several terms is built for the first. */
export function buildModules(
  terms: readonly Term[],
  shapes: readonly TermShapes[],
  context: { readonly seed: number; readonly datasetSize?: number },
): Modules {
  const states: Record<string, ModuleState> = {};
  terms.forEach(({ modules = [] }, index) => {
    for (const module of modules) {
      states[module.name] ??= module.build({
        ...context,
        seed: subSeed(context.seed, 'module', module.name),
        shapes: shapes[index] as TermShapes,
      });
    }
  });
  const trainable = Object.entries(states).flatMap(([module, state]) =>
    Object.entries(state.trainable).map(([name, variable]) => ({
      name: `${module}/${name}`,
      variable,
      trainable: true,
    })),
  );
  return {
    states,
    trainable,
    dispose: () => {
      for (const state of Object.values(states)) state.dispose();
    },
  };
}
