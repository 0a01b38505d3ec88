import { describeTap } from '@kd/core';
import { resolveTap } from '@kd/model';
import type { Tap } from '@kd/core';
import type { ResolvedTap } from '@kd/model';
import type { Recipe } from './recipe.js';

/** Every tap of a recipe once, and which ones belong to each term. */
export interface TapPlan {
  readonly student: readonly ResolvedTap[];
  readonly teacher: readonly Tap[];
  /** For each term, positions in `student` and `teacher` in the order of the term's taps. */
  readonly ofTerm: readonly { readonly student: readonly number[]; readonly teacher: readonly number[] }[];
}

function collect<T>(
  lists: readonly (readonly T[])[],
  key: (tap: T) => string,
): { unique: T[]; positions: number[][] } {
  const unique = new Map<string, { tap: T; position: number }>();
  const positions = lists.map((list) =>
    list.map((tap) => {
      const known = unique.get(key(tap)) ?? { tap, position: unique.size };
      unique.set(key(tap), known);
      return known.position;
    }),
  );
  return { unique: [...unique.values()].map(({ tap }) => tap), positions };
}

/** Collects the taps of all terms, so that one forward pass of each model serves them all. */
export function planTaps({ student, terms }: Recipe): TapPlan {
  const ofStudent = collect(
    terms.map(({ name, taps }) =>
      (taps?.student ?? []).map((tap) => resolveTap(`the term ${JSON.stringify(name)}`, student.model, tap)),
    ),
    ({ key, at }) => `${key}@${at}`,
  );
  const ofTeacher = collect(
    terms.map(({ taps }) => taps?.teacher ?? []),
    describeTap,
  );
  return {
    student: ofStudent.unique,
    teacher: ofTeacher.unique,
    ofTerm: terms.map((_, index) => ({
      student: ofStudent.positions[index] ?? [],
      teacher: ofTeacher.positions[index] ?? [],
    })),
  };
}
