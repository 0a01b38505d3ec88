import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { input } from '@tensorflow/tfjs-layers';
import type * as api from '../src/index.js';

const attention = { heads: 2, causal: true, dropout: 0.1, rotary: 100, useBias: true, seed: 1 } as const;
const sequence = (): ReturnType<typeof input> => input({ shape: [4, 8] });
const mask = (): ReturnType<typeof input> => input({ shape: [4] });

const own: ValidCallsOf<typeof api> = {
  AttentionContext: () => [{ name: 'context' }],
  AttentionScores: () => [{ name: 'scores', heads: 2 }],
  AttentionWeights: () => [{ name: 'weights', causal: true }],
  KeptPositions: () => [{ name: 'kept' }],
  LearnedPositions: () => [{ name: 'positions', maxLength: 4, seed: 1 }],
  RotaryPositions: () => [{ name: 'rotary', heads: 2, base: 100 }],
  multiHeadAttention: () => [
    sequence(),
    { name: 'attention', keyValue: sequence(), mask: mask(), ...attention },
  ],
  transformerBlock: () => [
    sequence(),
    {
      name: 'block',
      mask: mask(),
      hidden: 6,
      activation: 'relu',
      normFirst: false,
      epsilon: 1e-3,
      ...attention,
    },
  ],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/attention': own };
