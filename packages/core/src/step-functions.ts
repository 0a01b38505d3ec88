import { findBackend, getBackend } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Named } from './batch.js';

/** What a computation returns. */
export interface Computed<Layout> {
  /** The caller owns them. */
  readonly tensors: Named;
  /** What follows from the signature of the computation alone, such as names. */
  readonly layout: Layout;
}

/** A computation on tensors that a backend may write down while it runs. */
export interface Computation<Layout = unknown> {
  /** The tensors that differ from run to run, numbers such as weights and seeds among them. */
  readonly inputs: Named;
  /** Float32 variables that it changes, or that change between its runs. */
  readonly state: readonly Variable[];
  /** Tensors that it reads and that never change, such as the weights of a graph model. */
  readonly fixed?: readonly Tensor[];
  readonly body: () => Computed<Layout>;
}

/** What a computation did in one run. */
export interface Trace<Layout = unknown> {
  readonly computed: Computed<Layout>;
  /** Why it cannot become a function; undefined if it can. */
  readonly refusal: string | undefined;
  /** What differs from another run; undefined if both did the same, so that either stands for both. */
  differenceFrom(other: Trace): string | undefined;
  /** Makes a function of it, which takes over what the trace holds. */
  compile(): StepFunction;
  dispose(): void;
}

/** A computation as one call of the backend. */
export interface StepFunction {
  /** Whether it changes its state; if it does and fails, nobody knows how far it came. */
  readonly changesState: boolean;
  /**
   * Runs it on inputs of the same shapes; undefined, having done nothing, if a condition that it was written
   * under does not hold.
   */
  run(inputs: Named): Named | undefined;
  dispose(): void;
}

/** A backend that writes computations down. */
export interface StepFunctions {
  /** Runs a computation as always, and writes down what it does. */
  trace<Layout>(computation: Computation<Layout>): Trace<Layout>;
}

// All copies of this file in a process share Symbol.for.
const key = Symbol.for('@kd/core/step-functions');

/** Tells a backend how to write computations down; @kd/backend does. */
export function setStepFunctions(of: object, functions: StepFunctions): void {
  Object.defineProperty(of, key, { value: functions, configurable: true });
}

/**
 * What the current backend offers to write computations down; undefined if it cannot.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { stepFunctions } from '@kd/core';
 * console.log(stepFunctions());
 * // undefined
 * ```
 */
export function stepFunctions(): StepFunctions | undefined {
  // Not backend(), which throws as long as none is initialised.
  const current: unknown = findBackend(getBackend());
  return Reflect.get(Object(current) as object, key) as StepFunctions | undefined;
}
