import { oneOf } from './options/checks.js';
import type { Check } from './options/check.js';

/** What the numbers in a model's output mean. The user states it; it is never guessed. */
export type Convention = 'logits' | 'probabilities' | 'sigmoid-logits' | 'sigmoid-probabilities';

/** The meaning of a convention. */
export interface ConventionMeaning {
  /** Classes of which one is right, or labels that are independent. Outputs convert within a family only. */
  readonly family: 'classes' | 'independent labels';
  /** Whether the numbers are unbounded logits, or probabilities in [0, 1]. */
  readonly isLogits: boolean;
  /** The activation that turns the logits into probabilities. */
  readonly activation: 'softmax' | 'sigmoid';
}

const ofClasses = { family: 'classes', activation: 'softmax' } as const;
const ofLabels = { family: 'independent labels', activation: 'sigmoid' } as const;

/** The meaning of each convention. */
export const conventions: Readonly<Record<Convention, ConventionMeaning>> = {
  logits: { ...ofClasses, isLogits: true },
  probabilities: { ...ofClasses, isLogits: false },
  'sigmoid-logits': { ...ofLabels, isLogits: true },
  'sigmoid-probabilities': { ...ofLabels, isLogits: false },
};

/** A convention, as an option. */
export const convention: Check<Convention> = oneOf(...(Object.keys(conventions) as Convention[]));
