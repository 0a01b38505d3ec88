import { defineTerm, selected, tapPairOptions } from '@kd/core';
import type { Modules, Named, Reads, Term, TermDefinition } from '@kd/core';
import { expandDims, mean, mul, ones, square, squeeze, sub } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Claims, Shapes, Subject } from '../src/index.js';

/** Options that every term of these tests has; it checks them and reads fixed places. */
export const options = { student: 'map', teacher: 'hint' };

/** Two layers of equal shape. */
export const pair = {
  reads: { student: { map: 'map' }, teacher: { map: 'hint' } },
  shapes: { student: { map: [3, 2] }, teacher: { map: [3, 2] } },
} as const;

/** Logits of both models, and the labels. */
export const classes = {
  reads: {
    student: { logits: { as: 'logits' } },
    teacher: { logits: { as: 'logits' } },
    targets: { labels: { as: 'class-ids' } },
  },
  shapes: { student: { logits: [4] }, teacher: { logits: [4] } },
} as const;

/** Features of both models at each position of a sequence, and the mask. */
export const sequence = {
  reads: { student: { map: 'map' }, teacher: { map: 'hint' }, mask: true },
  shapes: { student: { map: [4, 2] }, teacher: { map: [4, 2] }, mask: [4] },
} as const;

/** Attention scores of one head in both models, and the mask of those who look and who are looked at. */
export const scores = {
  reads: { student: { map: 'map' }, teacher: { map: 'hint' }, mask: true },
  shapes: { student: { map: [1, 3, 3] }, teacher: { map: [1, 3, 3] }, mask: [3] },
} as const;

// Nothing by name; `object` would make the modules of a term `any`.
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type
type Nothing = Readonly<Record<never, never>>;

/** A term with what it reads, and what it claims; any change of a sound one. */
export function subjectOf<
  const R extends Reads,
  const M extends Modules = Nothing,
  C extends Named = Nothing,
>({
  shapes,
  claims = {},
  makeTerm,
  ...definition
}: Omit<TermDefinition<R, M, never, C>, 'name'> & {
  readonly name?: string;
  readonly shapes: Shapes;
  readonly claims?: Partial<Claims<object>>;
  readonly makeTerm?: (term: Term, given: object) => Term;
}): Subject {
  return {
    shapes,
    claims: { options, ...claims },
    makeTerm: (given) => {
      const term = defineTerm({ name: 'tried', ...definition });
      if (makeTerm !== undefined) return makeTerm(term, given);
      tapPairOptions.read('tried', given as typeof options);
      return term;
    },
  };
}

/** The mean over all axes but the first. */
export function perExample(x: Tensor): Tensor {
  return mean(
    x,
    Array.from({ length: x.rank - 1 }, (_, axis) => axis + 1),
  );
}

/** The mean squared difference of each example. */
export function squaredError(a: Tensor, b: Tensor): Tensor {
  return perExample(square(sub(a, b)));
}

/** Squared differences of the scores of one head, and which of them count, `[B, L, L]`. */
export function errorsOfScores(
  student: Tensor,
  teacher: Tensor,
  mask: Tensor | undefined,
): { readonly errors: Tensor; readonly pairs: Tensor } {
  const difference = squeeze(sub(student, teacher), [1]);
  const pairs = mask === undefined ? ones(difference.shape) : mul(expandDims(mask, 1), expandDims(mask, 2));
  return { errors: square(selected(difference, pairs)), pairs };
}
