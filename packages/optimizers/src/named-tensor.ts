import type { Optimizer } from '@tensorflow/tfjs-core';

/** A named tensor as tfjs uses it in lists; tfjs does not export the type. */
export type NamedTensor = Awaited<ReturnType<Optimizer['getWeights']>>[number];
