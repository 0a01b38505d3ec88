import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Batch, Named } from './batch.js';
import { like } from './options/checks.js';
import type { Check } from './options/check.js';
import type { OutputInfo, ValueInfo } from './shape.js';
import type { Tap } from './tap.js';

/** How a teacher describes itself before the first step. */
export interface TeacherDescription {
  /** All outputs by name; a teacher with one usually calls it `output`. */
  readonly outputs: Readonly<Record<string, OutputInfo>>;
  /** The requested taps, in the same order. */
  readonly taps: readonly ValueInfo[];
  /** Changes whenever the teacher's answers may change: with its weights, architecture or members. */
  readonly fingerprint: string;
  /** Whether equal inputs give equal answers for the whole run. */
  readonly frozen: boolean;
  /** The tfjs variables that its answers depend on, if they are known: none may be trained meanwhile. */
  readonly variables?: readonly Variable[];
}

/** What to answer. */
export interface TeacherRequest {
  /** Names of the wanted outputs; with none, a teacher may save time and return no members. */
  readonly outputs: readonly string[];
  readonly taps: readonly Tap[];
  readonly signal?: AbortSignal | undefined;
}

/** The answer of one model; an ensemble has several. */
export interface TeacherMember {
  /** The wanted outputs by name, `[B, ...]`, each in its described convention; float32, values also int32. */
  readonly outputs: Named;
  /** Its share in the mixture; the weights of all members sum to 1. */
  readonly weight: number;
}

/** The answer of a teacher. The caller owns the tensors and disposes them. */
export interface TeacherAnswer {
  // Members stay separate: the arithmetic mean at temperature T cannot be computed from the mean at T = 1.
  readonly members: readonly TeacherMember[];
  /** Values of the requested taps, in the same order. */
  readonly taps: readonly Tensor[];
}

/** Anything that can answer a batch as a trained model. It is never trained and never on the tape. */
export interface Teacher {
  /** Describes the outputs and the requested taps; throws `KD_TAP_UNKNOWN` for taps that it lacks. */
  describe(request: { readonly taps: readonly Tap[] }): Promise<TeacherDescription>;
  /** Answers one batch: at once, or with a promise. */
  predict(batch: Batch, request: TeacherRequest): TeacherAnswer | Promise<TeacherAnswer>;
  /** Frees what the teacher allocated itself, never the user's model. */
  dispose?(): void;
}

/** The tensors of an answer, for disposal. */
export function tensorsOfAnswer({ members, taps }: TeacherAnswer): Tensor[] {
  return [...members.flatMap(({ outputs }) => Object.values(outputs)), ...taps];
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
