import type { BatchStream } from '@kd/data';
import type { ValidCalls, ValidCallsOf } from '@kd/testing/fuzz';
import { ones } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type * as api from '../src/index.js';

const model = (): LayersModel =>
  sequential({ layers: [layers.embedding({ inputDim: 3, outputDim: 3, inputShape: [null] })] });
const stream: BatchStream = () => [{ inputs: { tokens: ones([2, 3], 'int32') } }];
const sampling = { temperature: 2, topK: 2, topP: 0.5, convention: 'logits', cache: true } as const;

const own: ValidCallsOf<typeof api> = {
  generate: () => [
    model(),
    [[0, 1]],
    {
      ...sampling,
      maxTokens: 1,
      stop: [1],
      seed: 1,
      onToken: () => undefined,
      signal: new AbortController().signal,
    },
  ],
  onPolicy: () => [model(), stream, { ...sampling, share: 0.5, promptLength: 1 }],
  universalLogit: () => [{ temperature: 2, output: 'output', weight: 0.5, name: 'mine' }],
  universalLogitLoss: () => [ones([2, 3, 5]), ones([2, 3, 4]), { temperature: 2 }],
};

export const validCalls: Readonly<Record<string, ValidCalls>> = { '@kd/sequences': own };
