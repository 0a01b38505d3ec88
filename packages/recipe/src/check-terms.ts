import { describeValue, KdError } from '@kd/core';
import type { Module, Term } from '@kd/core';

function invalid(where: string, index: number, expected: string, received: unknown): KdError {
  return new KdError({
    code: 'KD_TERM_INVALID',
    where,
    argument: `terms[${String(index)}]`,
    expected,
    received: describeValue(received),
    remedy: 'Implement the interface Term of @kd/core, or call the function that makes the term.',
  });
}

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
      remedy: 'Add a term: hardTarget() of @kd/soft-target-loss trains on labels alone.',
    });
  }
  terms.forEach((term: Term, index) => {
    checkTerm(where, term, index);
    if (hasTeacher || term.needs?.includes('teacher') !== true) return;
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

function checkTerm(where: string, term: unknown, index: number): void {
  const candidate = term as Partial<Term> | null;
  if (typeof candidate !== 'object' || candidate === null) throw invalid(where, index, 'a term', term);
  if (candidate.apiVersion !== 1)
    throw invalid(where, index, 'a term with apiVersion 1', candidate.apiVersion);
  if (typeof candidate.name !== 'string' || candidate.name === '') {
    throw invalid(where, index, 'a term with a name', candidate.name);
  }
  if (typeof candidate.loss !== 'function')
    throw invalid(where, index, 'a term with a loss function', candidate.loss);
  if (candidate.reduces !== 'example' && candidate.reduces !== 'batch') {
    throw invalid(where, index, 'a term that reduces "example" or "batch"', candidate.reduces);
  }
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
