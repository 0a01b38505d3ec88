import { KdError } from '@kd/core';
import type { Targets, Term } from '@kd/core';
import type { Losses } from './sums.js';

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

/**
 * Throws if a batch that is part of a step has weights: the mean over its batches would differ from the mean
 * over its examples.
 */
export function checkAccumulable(where: string, { sampleWeight, labelled, mask }: Targets): void {
  const given = Object.entries({ sampleWeight, labelled, mask }).find(
    ([, weights]) => weights !== undefined,
  )?.[0];
  if (given === undefined) return;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: `batch.${given}`,
    expected: 'absent when accumulationSteps > 1',
    received: 'given',
    remedy: 'Leave accumulationSteps at 1, or use larger batches instead.',
  });
}

/**
 * Throws if a term's own weights make the batches of a step count differently from their numbers of examples.
 */
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
      expected: `${String(first)} per example in each batch`,
      received: `${String(perExample(odd, name))} in batch ${String(odd)}`,
      remedy: 'Leave accumulationSteps at 1, or use larger batches instead.',
    });
  }
}
