import { describeValue, KdError } from '@kd/core';
import type { Module, Term } from '@kd/core';
import { checkTerm } from './check-term.js';

/** Throws unless `terms` are terms of this version with names of their own that have the teacher they need. */
export function checkTerms(where: string, terms: readonly Term[], hasTeacher: boolean): void {
  const given: unknown = terms;
  if (!Array.isArray(given) || given.length === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: 'terms',
      expected: 'an array of at least one term',
      received: describeValue(terms),
      remedy: 'Add a term: hardTarget() of @kd/soft-target-loss/terms trains on labels alone.',
    });
  }
  terms.forEach((term: Term, index) => {
    checkTerm(where, term, index);
    if (hasTeacher || !needsTeacher(term)) return;
    throw new KdError({
      code: 'KD_TERM_NEEDS',
      where,
      argument: 'teacher',
      expected: `given for the term ${JSON.stringify(term.name)}`,
      received: 'undefined',
      remedy: 'Add a teacher to the recipe, or drop the term.',
    });
  });
  checkUnique(where, 'term', terms);
  // One module may serve several terms; two modules may not share a name.
  checkUnique(where, 'module', [...new Set(terms.flatMap(({ modules = [] }): readonly Module[] => modules))]);
}

function needsTeacher({ needs, taps }: Term): boolean {
  return needs?.includes('teacher') === true || (taps?.teacher ?? []).length > 0;
}

function checkUnique(where: string, kind: string, named: readonly { readonly name: string }[]): void {
  const duplicate = named.find(
    ({ name }, index) => named.findIndex((other) => other.name === name) !== index,
  );
  if (duplicate === undefined) return;
  throw new KdError({
    code: 'KD_TERM_DUPLICATE',
    where,
    argument: `the name of each ${kind}`,
    expected: 'unique in the recipe',
    received: `${JSON.stringify(duplicate.name)} twice`,
    remedy: 'Give one of them another name with its option `name`.',
  });
}
