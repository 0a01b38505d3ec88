import { KdError } from '@kd/core';
import type { Targets, Term } from '@kd/core';

/** Throws unless every term can be computed batch by batch: a relation between examples of several batches cannot. */
export function checkAccumulableTerms(where: string, argument: string, terms: readonly Term[]): void {
  const term = terms.find(({ reduces }) => reduces === 'batch');
  if (term === undefined) return;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument,
    expected: `1 for the term ${JSON.stringify(term.name)}, which relates the examples of a batch`,
    received: 'more',
    remedy: 'Make the batches larger instead.',
  });
}

/** Throws for weights in a batch that is part of a step: the mean of its batches would not be the mean of its examples. */
export function checkAccumulable(where: string, { sampleWeight, labelled, mask }: Targets): void {
  const given = Object.entries({ sampleWeight, labelled, mask }).find(
    ([, weights]) => weights !== undefined,
  )?.[0];
  if (given === undefined) return;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: `batch.${given}`,
    expected: 'absent where several batches make one step',
    received: 'given',
    remedy: 'Leave batchesPerStep at 1, or make the batches larger instead.',
  });
}
