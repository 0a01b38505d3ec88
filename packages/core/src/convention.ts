import { oneOf } from './options/checks.js';
import type { Check } from './options/check.js';

/** What the numbers in a model's output mean. The user states it; it is never guessed. */
export type Convention = 'logits' | 'probabilities' | 'sigmoid-logits' | 'sigmoid-probabilities' | 'values';

/** Classes of which one is right, labels that are independent, or values that are neither. */
export type Family = 'classes' | 'independent labels' | 'values';

/** The meaning of a convention. */
export interface ConventionMeaning {
  /** Outputs convert within a family only. */
  readonly family: Family;
  /** Whether the numbers are unbounded logits, probabilities in [0, 1], or values of any size. */
  readonly scale: 'logits' | 'probabilities' | 'values';
  /** The activation that turns the logits of the family into probabilities; values have none. */
  readonly squashing: 'softmax' | 'sigmoid' | undefined;
}

const ofClasses = { family: 'classes', squashing: 'softmax' } as const;
const ofLabels = { family: 'independent labels', squashing: 'sigmoid' } as const;

/** The meaning of each convention. */
export const conventions: Readonly<Record<Convention, ConventionMeaning>> = {
  logits: { ...ofClasses, scale: 'logits' },
  probabilities: { ...ofClasses, scale: 'probabilities' },
  'sigmoid-logits': { ...ofLabels, scale: 'logits' },
  'sigmoid-probabilities': { ...ofLabels, scale: 'probabilities' },
  values: { family: 'values', scale: 'values', squashing: undefined },
};

/** A convention, as an option. */
export const convention: Check<Convention> = oneOf(...(Object.keys(conventions) as Convention[]));
