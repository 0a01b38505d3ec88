import { describeTap, describeTeacher, isOutput } from '@kd/core';
import type { OutputInfo, Tap, Teacher, TeacherDescription, ValueInfo } from '@kd/core';
import { modelOutputs, resolveTap } from '@kd/model';
import type { ModelOutput, ResolvedTap } from '@kd/model';
import { placesOf, readsOutputs } from './readers.js';
import type { Reader } from './readers.js';
import type { Student } from './student.js';

/** A model of the recipe as its readers know it before the first step. */
export interface KnownSide {
  readonly who: 'student' | 'teacher';
  readonly outputs: Readonly<Record<string, OutputInfo>>;
  /** Position of a tap among the tapped values, and what is known about it. */
  tap(where: string, tap: Tap): { readonly position: number; readonly info: ValueInfo };
}

/** The student: its outputs, and the taps that a forward pass returns. */
export interface KnownStudent extends KnownSide {
  readonly modelOutputs: readonly ModelOutput[];
  readonly taps: readonly ResolvedTap[];
  /** Whether a term reads an output, so that the forward pass goes to the end. */
  readonly runsToEnd: boolean;
}

/** The teacher: its description, and the taps to ask for. */
export interface KnownTeacher extends KnownSide {
  readonly description: TeacherDescription;
  readonly taps: readonly Tap[];
}

/** What terms, then modules, read of a student. Modules need shapes only: no value is computed for them. */
export function knownStudent({ model, convention }: Student, terms: readonly Reader[]): KnownStudent {
  const outputs = modelOutputs('defineRecipe', 'recipe.student', model, convention);
  const positions = new Map<string, number>();
  const taps: ResolvedTap[] = [];
  for (const { where, place } of placesOf(terms, 'student')) {
    if (isOutput(place)) continue;
    const resolved = resolveTap(where, model, place);
    if (positions.has(keyOf(resolved))) continue;
    positions.set(keyOf(resolved), taps.push(resolved) - 1);
  }
  return {
    who: 'student',
    outputs: Object.fromEntries(
      outputs.map(({ name, convention: is, shape }) => [name, { convention: is, shape }]),
    ),
    modelOutputs: outputs,
    taps,
    runsToEnd: readsOutputs(terms, 'student'),
    tap: (where, tap) => {
      const resolved = resolveTap(where, model, tap);
      const { shape, activation } = resolved;
      return { position: positions.get(keyOf(resolved)) ?? NaN, info: { shape, activation } };
    },
  };
}

function keyOf({ key, at }: ResolvedTap): string {
  return `${key}@${at}`;
}

/** Asks a teacher to describe itself and what terms and modules read of it. */
export async function knownTeacher(
  teacher: Teacher,
  terms: readonly Reader[],
  modules: readonly Reader[],
): Promise<KnownTeacher> {
  const tapsOf = (readers: readonly Reader[]): [string, Tap][] =>
    placesOf(readers, 'teacher').flatMap(({ place }): [string, Tap][] =>
      isOutput(place) ? [] : [[describeTap(place), place]],
    );
  const read = new Map(tapsOf(terms));
  const described = new Map([...read, ...tapsOf(modules)]);
  const description = await describeTeacher(teacher, { taps: [...described.values()] });
  const keys = [...described.keys()];
  return {
    who: 'teacher',
    outputs: description.outputs,
    description,
    taps: [...read.values()],
    tap: (_, tap) => {
      const position = keys.indexOf(describeTap(tap));
      return { position, info: description.taps[position] as ValueInfo };
    },
  };
}
