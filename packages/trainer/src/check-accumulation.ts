import { KdError } from '@kd/core';
import type { Targets, Term } from '@kd/core';
import type { Losses } from './sums.js';

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
    remedy: 'Leave accumulationSteps at 1, or make the batches larger instead.',
  });
}

/** Throws for a term that gives weights of its own by which the batches of a step do not count as their examples do. */
export function checkAccumulableNormalizers(
  where: string,
  results: readonly Pick<Losses, 'normalizers'>[],
  sizes: readonly number[],
): void {
  const perExample = (index: number, name: string): number =>
    (results[index]?.normalizers[name] ?? 0) / (sizes[index] ?? 1);
  for (const name of Object.keys(results[0]?.normalizers ?? {})) {
    const first = perExample(0, name);
    // Weights are summed in float32.
    const odd = sizes.findIndex((_, index) => !(Math.abs(perExample(index, name) - first) <= 1e-5 * first));
    if (odd < 0) continue;
    throw new KdError({
      code: 'KD_TERM_NEEDS',
      where,
      argument: `the weights of the term ${JSON.stringify(name)} in one step of several batches`,
      expected: `${String(first)} an example in each of them`,
      received: `${String(perExample(odd, name))} in batch ${String(odd)}`,
      remedy: 'Leave accumulationSteps at 1, or make the batches larger instead.',
    });
  }
}
