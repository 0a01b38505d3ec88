import { oneOf } from './options/checks.js';
import type { Check } from './options/check.js';

/** What the numbers that a model puts out mean. Stated by the user, never guessed. */
export type Convention = 'logits' | 'probabilities' | 'sigmoid-logits' | 'sigmoid-probabilities';

/** What a convention says of an output. */
export interface ConventionMeaning {
  /** Of the last axis: classes of which one is right, or labels that are right or not by themselves. Only within a family are outputs converted. */
  readonly family: 'classes' | 'independent labels';
  /** Any numbers, or probabilities in [0, 1]. */
  readonly isLogits: boolean;
  /** The activation between logits and probabilities. */
  readonly activation: 'softmax' | 'sigmoid';
}

const ofClasses = { family: 'classes', activation: 'softmax' } as const;
const ofLabels = { family: 'independent labels', activation: 'sigmoid' } as const;

/** What each convention means. */
export const conventions: Readonly<Record<Convention, ConventionMeaning>> = {
  logits: { ...ofClasses, isLogits: true },
  probabilities: { ...ofClasses, isLogits: false },
  'sigmoid-logits': { ...ofLabels, isLogits: true },
  'sigmoid-probabilities': { ...ofLabels, isLogits: false },
};

/** A convention, as an option. */
export const convention: Check<Convention> = oneOf(...(Object.keys(conventions) as Convention[]));
