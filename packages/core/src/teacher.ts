import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch } from './batch.js';
import type { Convention } from './convention.js';
import { like } from './options/checks.js';
import type { Check } from './options/check.js';
import type { Tap } from './tap.js';

/** Shape with unknown dimensions as null; the first is the batch. */
export type Shape = readonly (number | null)[];

/** What is known of a model's output before it is run. */
export interface OutputDescription {
  readonly convention: Convention;
  readonly shape: Shape;
  /** Names of the classes in the order of the last axis, if known. */
  readonly classes?: readonly string[];
}

/** What a teacher says of itself before the first step. */
export interface TeacherDescription {
  readonly output: OutputDescription;
  /** Shapes of the taps that were asked for, in their order. */
  readonly taps: readonly Shape[];
  /** Name of the activation that each tap comes out of, as tfjs writes it, undefined where it is not known. */
  readonly tapActivations?: readonly (string | undefined)[];
  /** Changes whenever the teacher's answers may change: weights, architecture, members. */
  readonly fingerprint: string;
  /** Whether equal inputs give equal outputs for the whole run. */
  readonly frozen: boolean;
}

/** One opinion on a batch; an ensemble has several. */
export interface TeacherMember {
  /** Float32 `[B, ..., N]`, in the convention of the description. */
  readonly output: Tensor;
  /** Its share in the mixture; the weights of all members sum to 1. */
  readonly weight: number;
}

/** The answer of a teacher. The caller owns and disposes the tensors. */
export interface TeacherPrediction {
  // Members stay apart: the arithmetic mean at temperature T is no function of the mean at T = 1.
  readonly members: readonly TeacherMember[];
  /** Values of the taps that were asked for, in their order. */
  readonly taps: readonly Tensor[];
}

/** Anything that can say what a trained model thinks of a batch. Never trained, never on the tape. */
export interface Teacher {
  /** Describes outputs and the wanted taps; throws `KD_TAP_UNKNOWN` and the like for taps it does not have. */
  describe(request: { readonly taps: readonly Tap[] }): Promise<TeacherDescription>;
  /** Answers for one batch. */
  predict(
    batch: Batch,
    request: {
      readonly taps: readonly Tap[];
      /** False where only the taps are of use: a teacher may then give no members, and save the time. */
      readonly outputs?: boolean;
      readonly signal?: AbortSignal;
    },
  ): Promise<TeacherPrediction>;
  /** Frees what the teacher itself allocated, never the user's model. */
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
