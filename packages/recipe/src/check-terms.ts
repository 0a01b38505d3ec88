import { check, describeValue, KdError } from '@kd/core';
import type { Check, Term } from '@kd/core';
import { checkTerm } from './check-term.js';
import { modulesOf } from './readers.js';

/** Describes the option `terms`: each must be a term of this version. */
export const terms: Check<readonly Term[]> = check(
  'an array of at least one term',
  ({ where, argument }, value) => {
    if (!Array.isArray(value) || value.length === 0) {
      throw new KdError({
        code: 'KD_BATCH_EMPTY',
        where,
        argument,
        expected: 'an array of at least one term',
        received: describeValue(value),
        remedy: 'Add a term: hardTarget() of @kd/soft-target-loss trains on labels alone.',
      });
    }
    // Array.from sees the holes of a sparse array.
    return Array.from(value as readonly unknown[], (term, index) => {
      checkTerm(where, `${argument}[${String(index)}]`, term);
      return term;
    });
  },
);

/** Throws unless the terms have unique names, the teacher that they need, and a weight. */
export function checkTerms(where: string, given: readonly Term[], hasTeacher: boolean): void {
  const without = hasTeacher ? undefined : given.find(({ reads }) => reads.teacher !== undefined);
  if (without !== undefined) {
    throw new KdError({
      code: 'KD_TERM_NEEDS',
      where,
      argument: 'recipe.teacher',
      expected: `given, because the term ${JSON.stringify(without.name)} needs it`,
      received: 'undefined',
      remedy: 'Add a teacher to the recipe, or drop the term.',
    });
  }
  checkUnique(where, 'term', given);
  // Several terms may share one module, but two modules may not share a name.
  checkUnique(where, 'module', modulesOf(given));
  checkWeighted(where, given);
}

/** A schedule may begin with 0, but if every weight is the number 0 nothing is ever learnt. */
function checkWeighted(where: string, given: readonly Term[]): void {
  if (given.some(({ weight }) => weight !== 0)) return;
  throw new KdError({
    code: 'KD_WEIGHT_RANGE',
    where,
    argument: given.length === 1 ? 'the weight of the only term' : 'the weights of the terms',
    expected: 'above 0 in at least one term',
    received: `0 in ${given.map(({ name }) => JSON.stringify(name)).join(', ')}`,
    remedy: 'Give a term a weight, or leave out the weight: its default is 1.',
  });
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
    remedy: 'Rename one of them with its option `name`.',
  });
}
