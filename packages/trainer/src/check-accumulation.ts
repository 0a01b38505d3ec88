import { KdError } from '@kd/core';
import type { Term } from '@kd/core';

/**
 * Throws unless every term can be computed batch by batch. A term that relates examples across a batch
 * cannot.
 */
export function checkAccumulableTerms(where: string, argument: string, terms: readonly Term[]): void {
  const term = terms.find(({ reduces }) => reduces === 'batch');
  if (term === undefined) return;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument,
    expected: `1 with the term ${JSON.stringify(term.name)}, which relates the examples of a batch`,
    received: 'more',
    remedy: 'Use larger batches instead.',
  });
}
