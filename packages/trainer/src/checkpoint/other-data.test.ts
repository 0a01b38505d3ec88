import { expectKdError, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../test/memory-store.js';
import { examples, net, onLabels, options } from '../../test/small.js';
import { train } from '../index.js';
import type { TrainOptions } from '../index.js';

await useBackend('cpu');

type Given = Pick<TrainOptions, 'data' | 'validation'>;

/** Trains with some data, then resumes with other data. */
const resumed = async (before: Given, after: Given): Promise<unknown> => {
  const checkpoint = { store: memoryStore(), resume: true };
  const model = net();
  await train(onLabels(model), { ...options(before.data), ...before, checkpoint });
  return train(onLabels(model), { ...options(after.data), ...after, checkpoint });
};
const others = (): ReturnType<typeof examples> => {
  const data = examples(8);
  data.inputs.values[3] = 5;
  return data;
};

describe('other data than those of the checkpoint', () => {
  it('are named, with a digest of each', async () => {
    const body = (): unknown => resumed({ data: examples(8) }, { data: others() });
    await expectKdError(
      body,
      'KD_CHECKPOINT_MISMATCH',
      'the training data of the checkpoint memory-1',
      'data (digest ',
      '), as in this training',
      'other data (digest ',
    );
    await expect(body()).rejects.toMatchObject({
      expected: expect.stringMatching(/^data \(digest [0-9a-f]{8}\), as/) as string,
      received: expect.stringMatching(/^other data \(digest [0-9a-f]{8}\)$/) as string,
    });
  });

  it('may be those of the validation', async () => {
    const data = examples(8);
    await expectKdError(
      () => resumed({ data, validation: { data: examples(8) } }, { data, validation: { data: others() } }),
      'KD_CHECKPOINT_MISMATCH',
      'the validation data of the checkpoint memory-1',
      'other data (digest ',
    );
  });

  it('may be missing', async () => {
    const data = examples(8);
    await expectKdError(
      () => resumed({ data, validation: { data } }, { data }),
      'KD_CHECKPOINT_MISMATCH',
      'the validation data of the checkpoint memory-1',
      'a stream or none, as in this training',
    );
  });
});
