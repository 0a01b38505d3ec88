import type { Optimizer } from '@tensorflow/tfjs-core';

/** A tensor in a list of tfjs, which does not export the type. */
export type NamedTensor = Awaited<ReturnType<Optimizer['getWeights']>>[number];
