import { arithmeticMean, geometricMean } from '@kd/soft-target-loss';
import type { MixTargets } from '@kd/soft-target-loss';

/** The name of a mean, which can be sent to another process. */
export type MeanName = 'arithmetic' | 'geometric';

/** How several teachers become one: by the mean of their probabilities or of their logits. */
export const means: Readonly<Record<MeanName, MixTargets>> = {
  arithmetic: arithmeticMean,
  geometric: geometricMean,
};
