import { Variable } from '@tensorflow/tfjs-core';
import { KdError, subSeed } from '@kd/core';
import type { ModuleState, NamedWeight, Term, TermShapes } from '@kd/core';

/** The built modules of a recipe. */
export interface Modules {
  readonly states: Readonly<Record<string, ModuleState>>;
  /** Their variables under `module/variable`. */
  readonly trainable: readonly NamedWeight[];
  /** Everything to save: the trained variables, and the variables among their buffers. */
  readonly weights: readonly NamedWeight[];
  readonly dispose: () => void;
}

/**
 * Builds every module of the terms once, each with a separate seed. A module shared by several terms is built
 * for the first.
 *
 * If a module cannot be built, or one of its variables has a name in `others`, nothing is leaked.
 */
export function buildModules(
  terms: readonly Term[],
  shapes: readonly TermShapes[],
  context: { readonly seed: number; readonly datasetSize?: number },
  others: readonly NamedWeight[],
): Modules {
  const states: Record<string, ModuleState> = {};
  const dispose = (): void => {
    for (const state of Object.values(states)) state.dispose();
  };
  try {
    terms.forEach(({ modules = [] }, index) => {
      for (const module of modules) {
        states[module.name] ??= module.build({
          ...context,
          seed: subSeed(context.seed, 'module', module.name),
          shapes: shapes[index] as TermShapes,
        });
      }
    });
    const weights = weightsOf(states);
    checkNames(weights, others);
    return { states, trainable: weights.filter(({ trainable }) => trainable), weights, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function weightsOf(states: Readonly<Record<string, ModuleState>>): NamedWeight[] {
  return Object.entries(states).flatMap(([module, { trainable, buffers }]) => {
    const trained = Object.entries(trainable);
    const kept = Object.entries(buffers).filter(
      (entry): entry is [string, Variable] => entry[1] instanceof Variable,
    );
    return [
      ...trained.map(([name, variable]) => ({ name: `${module}/${name}`, variable, trainable: true })),
      ...kept.map(([name, variable]) => ({ name: `${module}/${name}`, variable, trainable: false })),
    ];
  });
}

/** Trained variables are saved by name: two with the same name would become one. */
function checkNames(weights: readonly NamedWeight[], others: readonly NamedWeight[]): void {
  const taken = new Set(others.map(({ name }) => name));
  const duplicate = weights.find(
    ({ name }, index) => taken.has(name) || weights.findIndex((other) => other.name === name) !== index,
  );
  if (duplicate === undefined) return;
  throw new KdError({
    code: 'KD_TERM_DUPLICATE',
    where: 'buildObjective',
    argument: 'the name of each module',
    expected: "different from the names of the student's layers",
    received: `${JSON.stringify(duplicate.name)} twice`,
    remedy: 'Give the module another name.',
  });
}
