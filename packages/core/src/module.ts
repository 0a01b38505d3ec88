import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Infos, Reads } from './reads.js';

/** A layer or model of tfjs-layers, as far as a module needs to know it. */
export interface LayerLike {
  readonly name: string;
  readonly weights: readonly { readonly name: string }[];
  apply(inputs: Tensor | Tensor[], kwargs?: Readonly<Record<string, unknown>>): unknown;
  dispose(): unknown;
}

/**
 * What a module is made of: `variable(x)` is trained, `variable(x, false)` is state that is saved, another
 * tensor is a constant, a layer or model brings its own weights, and a function computes with the other
 * parts.
 */
export type Part = Variable | Tensor | LayerLike | ((...inputs: Tensor[]) => Tensor);

/** The parts of a module by name. */
export type Parts = Readonly<Record<string, Part | readonly Part[]>>;

/** What a module is built from: what it reads, and a seed of its own. */
export type ModuleInfos<R extends Reads = Reads> = Infos<R> & { readonly seed: number };

/** What a term owns: a regressor, a paraphraser, a memory bank. Built once for a whole training. */
export interface Module<P extends Parts = Parts> {
  /** In checkpoints, results, learning-rate multipliers and errors; different from the student's layers. */
  readonly name: string;
  /** The places from whose shapes it is built. */
  readonly reads: Reads;
  /** Whether the term that lists it only uses it. A stage trains a module if one of its terms does. */
  readonly frozen: boolean;
  /** Called in a `tidy`, so initial values need no disposal. The training keeps and disposes the parts. */
  build(infos: ModuleInfos): P;
}

/**
 * Defines a module: a regressor, a paraphraser, a memory bank. Its parts are typed by what `build` returns.
 *
 * It is built once for a training, whatever terms and stages list it, and saved in checkpoints. Its parts
 * have the names `<module>/<part>`.
 *
 * @param module a name, the places whose shapes it needs, and a pure function that builds its parts
 * @returns the module, for the field `modules` of a term
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { defineModule } from '@kd/core';
 * import { variable, zeros } from '@tensorflow/tfjs-core';
 * const bank = defineModule({
 *   name: 'bank',
 *   reads: { rows: true },
 *   build: ({ datasetSize }) => ({ memory: variable(zeros([datasetSize, 2]), false) }),
 * });
 * console.log(bank.build({ student: {}, teacher: {}, datasetSize: 3, seed: 1 }).memory.shape);
 * // [ 3, 2 ]
 * ```
 */
export function defineModule<const R extends Reads, P extends Parts>(module: {
  readonly name: string;
  readonly reads: R;
  build(infos: ModuleInfos<R>): P;
}): Module<P> {
  // The training gives `build` exactly what `reads` says.
  return { ...(module as unknown as Omit<Module<P>, 'frozen'>), frozen: false };
}

/** The same module, for a term that uses what another term trains. */
export function frozen<M extends Module>(module: M): M {
  return { ...module, frozen: true };
}

type BuiltPart<P> = P extends (...inputs: Tensor[]) => Tensor
  ? P
  : P extends readonly (infer E)[]
    ? readonly BuiltPart<E>[]
    : P extends LayerLike
      ? (...inputs: Tensor[]) => Tensor
      : P;

/** A module as a loss sees it: tensors and functions unchanged, layers as functions. */
export type Built<M> = M extends Module<infer P> ? { readonly [K in keyof P]: BuiltPart<P[K]> } : never;

/** Modules by the name that the term gives them. */
export type Modules = Readonly<Record<string, Module>>;

/** Built modules, by the same names. */
export type BuiltModules<M> = { readonly [K in keyof M]: Built<M[K]> };
