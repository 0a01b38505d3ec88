import { optionsOf, unchecked } from '@kd/core';
import type { Claims } from './subject.js';

const any = unchecked('a claim').optional();

// A misspelt claim would be a rule that is never tried.
const claimOptions = optionsOf<Claims<object>>()({
  options: unchecked<object>('the options of a term'),
  variants: any,
  refuses: any,
  refusesShapes: any,
  atEquality: any,
  reference: any,
  constant: any,
  ordered: any,
  relatesExamples: any,
  scaleFree: any,
  runsEagerly: any,
  factorOfModules: any,
  differenceStep: any,
} as never);

/** Throws for claims that the kit does not know. */
export function checkClaims(claims: Claims<object>): void {
  claimOptions.read('describeTerm', claims, 'claims');
}
