import { oneOf, optionsOf } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * How the elements of a hint become one value per example.
 *
 * - `paper`: their sum, as in eq. 3 of Romero et al. 2015.
 * - `mean`: their mean, as in RepDistiller and most libraries. Apart from the factor of one half that `paper`
 *   has, the two differ by the number of elements.
 */
export type HintReduction = 'paper' | 'mean';

/** Options of losses that reduce over the elements of a hint. */
export interface HintLossOptions {
  /** Default "paper". */
  readonly reduction?: HintReduction;
}

export const hintLossOptions: Options<
  HintLossOptions,
  FieldsOf<HintLossOptions, 'reduction'>
> = optionsOf<HintLossOptions>()({ reduction: oneOf('paper', 'mean').default('paper') });

/** The factor on the sum over the elements of a hint, where the published loss has the factor `published`. */
export function factorOf(where: string, options: HintLossOptions, hint: Tensor, published: number): number {
  const { reduction: by } = hintLossOptions.read(where, options);
  return by === 'paper' ? published : (hint.shape.at(0) ?? 1) / hint.size;
}
