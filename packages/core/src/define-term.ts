import type { Named } from './batch.js';
import { describeValue } from './describe-value.js';
import { KdError } from './kd-error.js';
import type { Modules } from './module.js';
import { hasFields } from './options/check.js';
import { nearestNames } from './nearest-names.js';
import type { Reads } from './reads.js';
import type { Term, TermDefinition } from './term.js';

// Nothing by name: `object` would make the fields of a term without modules `any`.
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type
type Nothing = Readonly<Record<never, never>>;

const fields: readonly string[] = [
  'name',
  'weight',
  'reads',
  'reduces',
  'modules',
  'scalars',
  'settings',
  'check',
  'loss',
  'afterStep',
] satisfies (keyof TermDefinition<Reads, Modules, string, Named>)[];

/**
 * Defines a term: one objective for training a student, its loss typed by what it reads.
 *
 * The recipe computes `sum(weight * l * w) / sum(w)` over all examples or positions of a step; `w` is the
 * sample weight times the term's own weight, and 0 for what is masked or, if the term reads targets,
 * unlabelled.
 *
 * @param definition name and loss; optionally what it reads, weight, modules, scalars, settings
 * @returns a `Term` for `defineRecipe`
 * @throws `KD_TERM_INVALID` for a misspelt field, or anything but an object
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { defineTerm } from '@kd/core';
 * import { mean, square, sub } from '@tensorflow/tfjs-core';
 * const term = defineTerm({
 *   name: 'squared error',
 *   reads: { student: { map: 'conv_2' }, teacher: { map: 'conv_6' } },
 *   loss: ({ student, teacher }) => ({ values: mean(square(sub(student.map, teacher.map)), [1, 2, 3]) }),
 * });
 * console.log(term.name, term.weight, term.reduces);
 * // squared error 1 example
 * ```
 */
export function defineTerm<
  const R extends Reads,
  const M extends Modules = Nothing,
  S extends string = never,
  C extends Named = Nothing,
>(definition: TermDefinition<R, M, S, C>): Term {
  if (!hasFields(definition)) {
    throw new KdError({
      code: 'KD_TERM_INVALID',
      where: 'defineTerm',
      argument: 'definition',
      expected: 'an object with name, reads and loss',
      received: describeValue(definition),
      remedy: 'Pass the parts of the term as one object.',
    });
  }
  const unknown = Object.keys(definition).find((key) => !fields.includes(key));
  if (unknown !== undefined) {
    const near = nearestNames(unknown, fields);
    throw new KdError({
      code: 'KD_TERM_INVALID',
      where: 'defineTerm',
      argument: unknown,
      expected: `one of ${fields.join(', ')}`,
      received: describeValue(unknown),
      remedy: near === '' ? 'Leave it out.' : `Did you mean ${near}?`,
    });
  }
  return {
    apiVersion: 1,
    weight: 1,
    reduces: 'example',
    modules: {},
    scalars: {},
    settings: {},
    ...(definition as unknown as Partial<Term>),
    // The recipe gives the loss exactly what `reads`, `modules` and `scalars` say.
  } as Term;
}
