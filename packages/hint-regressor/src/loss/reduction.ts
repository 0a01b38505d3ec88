import { checkOptions, describeValue, KdError } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * How the numbers of a hint become one value per example.
 *
 * - `paper`: their sum, as in eq. 3 of Romero et al. 2015.
 * - `mean`: their mean, as in RepDistiller and most libraries.
 */
export type HintReduction = 'paper' | 'mean';

/** Options of losses that add up over the numbers of a hint. */
export interface HintLossOptions {
  /** Default "paper". */
  readonly reduction?: HintReduction;
}

/** Throws unless `reduction` is one. */
export function checkReduction(where: string, reduction: unknown): asserts reduction is HintReduction {
  if (reduction === 'paper' || reduction === 'mean') return;
  throw new KdError({
    code: typeof reduction === 'string' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE',
    where,
    argument: 'options.reduction',
    expected: '"paper" (the sum over a hint) or "mean"',
    received: describeValue(reduction),
    remedy: 'The two differ by a factor of the number of elements, and "paper" by one half more.',
  });
}

/** What the sum over the numbers of a hint is multiplied with, where the published loss has the factor `published`. */
export function factorOf(where: string, options: HintLossOptions, hint: Tensor, published: number): number {
  checkOptions(where, options, ['reduction']);
  const { reduction = 'paper' } = options;
  checkReduction(where, reduction);
  return reduction === 'paper' ? published : (hint.shape.at(0) ?? 1) / hint.size;
}
