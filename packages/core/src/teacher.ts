import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch } from './batch.js';
import type { Convention } from './convention.js';
import { like } from './options/checks.js';
import type { Check } from './options/check.js';
import type { Tap } from './tap.js';

/** A shape, with null for unknown dimensions; the first dimension is the batch. */
export type Shape = readonly (number | null)[];

/** What is known about a model's output before it runs. */
export interface OutputDescription {
  readonly convention: Convention;
  readonly shape: Shape;
  /** Names of the classes in the order of the last axis, if known. */
  readonly classes?: readonly string[];
}

/** How a teacher describes itself before the first step. */
export interface TeacherDescription {
  readonly output: OutputDescription;
  /** Shapes of the requested taps, in the same order. */
  readonly taps: readonly Shape[];
  /** Name of the activation that produces each tap, as tfjs writes it; undefined if unknown. */
  readonly tapActivations?: readonly (string | undefined)[];
  /** Changes whenever the teacher's answers may change: with its weights, architecture or members. */
  readonly fingerprint: string;
  /** Whether equal inputs give equal outputs for the whole run. */
  readonly frozen: boolean;
}

/** The answer of one model; an ensemble has several. */
export interface TeacherMember {
  /** Float32 `[B, ..., N]`, in the convention of the description. */
  readonly output: Tensor;
  /** Its share in the mixture; the weights of all members sum to 1. */
  readonly weight: number;
}

/** The answer of a teacher. The caller owns the tensors and disposes them. */
export interface TeacherPrediction {
  // Members stay separate: the arithmetic mean at temperature T cannot be computed from the mean at T = 1.
  readonly members: readonly TeacherMember[];
  /** Values of the requested taps, in the same order. */
  readonly taps: readonly Tensor[];
}

/** Anything that can answer a batch as a trained model. It is never trained and never on the tape. */
export interface Teacher {
  /** Describes the outputs and the requested taps; throws `KD_TAP_UNKNOWN` for taps that it lacks. */
  describe(request: { readonly taps: readonly Tap[] }): Promise<TeacherDescription>;
  /** Answers one batch. */
  predict(
    batch: Batch,
    request: {
      readonly taps: readonly Tap[];
      /** False if only the taps are needed: a teacher may then save time and return no members. */
      readonly outputs?: boolean;
      readonly signal?: AbortSignal;
    },
  ): Promise<TeacherPrediction>;
  /** Frees what the teacher allocated itself, never the user's model. */
  dispose?(): void;
}

/** A teacher, as an option. */
export const teacher: Check<Teacher> = like(
  'a Teacher, with describe and predict',
  isTeacher,
  'Wrap a tfjs model: layersTeacher(model, { convention: "logits" }) of @kd/teacher.',
);

function isTeacher(value: unknown): value is Teacher {
  const { describe, predict } = Object(value) as { readonly describe?: unknown; readonly predict?: unknown };
  return typeof describe === 'function' && typeof predict === 'function';
}
