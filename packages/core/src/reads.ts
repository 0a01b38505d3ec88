import type { Tensor } from '@tensorflow/tfjs-core';
import type { Convention } from './convention.js';
import type { ValueInfo } from './shape.js';
import type { Tap } from './tap.js';

/** An output of a model, converted to the convention in which a term wants it. */
export interface Output<C extends Convention = Convention> {
  /** Converted within a family; an output of another family is an error before the first step. */
  readonly as: C;
  /** Name of the output; default: the only one of the model, or the one called `output`. */
  readonly output?: string | undefined;
  /**
   * Of a teacher: the outputs of its members instead of their weighted mean. The mean of logits is the
   * geometric mixture, at every temperature.
   */
  readonly members?: boolean;
}

/** What a term can read of a model. */
export type Place = Tap | Output;

/** What a term can read of the targets. */
export interface TargetPlace {
  /** Class ids come as int32, everything else as float32; checked before the step. */
  readonly as: 'class-ids' | 'probabilities' | 'sigmoid-probabilities' | 'values';
  /** Name of the target; default: the name under which the term reads it. */
  readonly target?: string | undefined;
}

/**
 * Everything that a term or module reads, under names of its own. What nobody reads is not computed.
 *
 * An output that is read of both models under one name must have equally many classes in both; under
 * different names they may differ, as with two vocabularies.
 */
export interface Reads {
  readonly student?: Readonly<Record<string, Place | readonly Place[]>>;
  readonly teacher?: Readonly<Record<string, Place | readonly Place[]>>;
  readonly targets?: Readonly<Record<string, TargetPlace>>;
  /** Inputs of the batch, by their names. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The rows of the examples in the data set, and its size: for memory banks. */
  readonly rows?: boolean;
  /** The mask, for a term that relates positions to each other; others need not know that there is one. */
  readonly mask?: boolean;
}

/** One of several opinions on an output, in the convention in which it is read; the weights sum to 1. */
export interface Member {
  readonly output: Tensor;
  readonly weight: number;
}

/** The places of one side of `R`; `Reads` itself has any names. */
export type PlacesOf<R, Side extends keyof Reads> = R extends { readonly [K in Side]: infer P }
  ? P
  : Reads extends R
    ? NonNullable<Reads[Side]>
    : object;

type ValueOf<P> = P extends readonly unknown[]
  ? readonly Tensor[]
  : P extends { readonly members: true }
    ? readonly Member[]
    : Tensor;

/** The values of one side of `R`, by the same names. */
export type Values<R, Side extends keyof Reads> = {
  readonly [K in keyof PlacesOf<R, Side>]: ValueOf<PlacesOf<R, Side>[K]>;
};

type InfoOf<P> = P extends readonly unknown[] ? readonly ValueInfo[] : ValueInfo;

/** What is known before the first step about everything that a term or module reads, by the same names. */
export interface Infos<R extends Reads = Reads> {
  readonly student: { readonly [K in keyof PlacesOf<R, 'student'>]: InfoOf<PlacesOf<R, 'student'>[K]> };
  readonly teacher: { readonly [K in keyof PlacesOf<R, 'teacher'>]: InfoOf<PlacesOf<R, 'teacher'>[K]> };
  /** Number of examples in the data set; always known to a reader of rows. */
  readonly datasetSize: R extends { readonly rows: true } ? number : number | undefined;
}

/** Whether a place is an output of a model, not a tap. */
export function isOutput(place: Place): place is Output {
  return typeof place === 'object' && 'as' in place;
}
