import type * as module from '@kd/teacher/completions';
import { tensorsOfBatch } from '@kd/core';
import type { Batch, Teacher } from '@kd/core';
import { tensor } from '@tensorflow/tfjs-core';
import type { ValidCallsOf } from '../valid-call.js';

/** Asks what was made about a batch, with a server that always gives the same answer. */
const asked =
  (answer: object, batchOf: () => Batch, outputs: readonly string[]) =>
  async (made: Teacher): Promise<unknown> => {
    const { fetch } = globalThis;
    const batch = batchOf();
    globalThis.fetch = () => Promise.resolve(Response.json(answer));
    try {
      await made.describe({ taps: [] });
      return [batch, await made.predict(batch, { outputs, taps: [] })];
    } finally {
      globalThis.fetch = fetch;
      for (const one of tensorsOfBatch(batch)) one.dispose();
      made.dispose?.();
    }
  };

const server = {
  url: 'http://localhost:1/v1',
  model: 'tiny',
  fingerprint: 'v1',
  apiKey: 'sk-1',
  request: { seed: 1 },
  concurrency: 2,
  retries: 1,
  retryDelayMs: 1,
  timeoutMs: 1000,
  maxRequests: 10,
};
const top = { a: -1, bb: -2 };
const completion = {
  choices: [{ logprobs: { tokens: ['x', 'y', 'z'], top_logprobs: [null, top, top] } }],
  usage: { prompt_tokens: 2 },
};
const content = [{ top_logprobs: [{ token: 'yes', logprob: -0.1 }] }];

export const serverTeachers: ValidCallsOf<typeof module> = {
  chatTeacher: {
    args: () => [
      {
        ...server,
        prompt: (id: string) => [{ role: 'user', content: id }],
        classes: ['x', 'y'],
        tokens: { x: 'yes', y: ['no'] },
        topLogprobs: 5,
        minimumShare: 0.5,
      },
    ],
    use: asked({ choices: [{ logprobs: { content } }] }, () => ({ inputs: {}, ids: ['a', 'b'] }), ['output']),
  },
  completionsTeacher: {
    args: () => [
      {
        ...server,
        topK: 2,
        vocabulary: 4,
        logprobs: 3,
        idOf: (token: string) => token.length,
        input: 'tokens',
        output: 'next',
        maxTokens: 100,
      },
    ],
    use: asked(completion, () => ({ inputs: { tokens: tensor([[1, 2]], [1, 2], 'int32') } }), ['next/top']),
  },
};
