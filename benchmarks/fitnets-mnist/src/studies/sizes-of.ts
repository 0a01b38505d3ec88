import type { Kind, Sizes, Study } from './study.js';
import { trialTeacher } from './teachers.js';

/** A study, and the same with one seed of small students and a small teacher. */
export function sizesOf(
  full: Study,
  small: Pick<Study, 'learningRates'> & { readonly kinds: readonly Kind[] },
): Sizes {
  return { full, small: { ...full, ...small, teacher: trialTeacher, seeds: 1 } };
}
