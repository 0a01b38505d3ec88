import { arithmeticMean, geometricMean } from '@kd/soft-target-loss';
import type { MixTargets } from '@kd/soft-target-loss';

/** Name of a mean, as a job carries it to another process. */
export type MeanName = 'arithmetic' | 'geometric';

/** How several teachers become one: the mean of their probabilities, or of their logits. */
export const means: Readonly<Record<MeanName, MixTargets>> = {
  arithmetic: arithmeticMean,
  geometric: geometricMean,
};
