import type { Convention } from './convention.js';

/** A shape, with null for unknown dimensions; the first dimension is the batch. */
export type Shape = readonly (number | null)[];

/** What is known about a value inside a model, or about its output, before the first step. */
export interface ValueInfo {
  readonly shape: Shape;
  /** Of an output: the convention in which it is read. */
  readonly convention?: Convention;
  /** Of an output: names of the classes in the order of the last axis, if known. */
  readonly classes?: readonly string[];
  /** Of a tap: name of the activation that produces the value, as tfjs writes it, if known. */
  readonly activation?: string | undefined;
}

/** What is known about an output of a model. */
export interface OutputInfo extends ValueInfo {
  readonly convention: Convention;
}
