import { ones } from '@tensorflow/tfjs-core';
import { expectNoLeak, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { tensorsOfBatch } from './batch.js';

await useBackend('cpu');

describe('tensorsOfBatch', () => {
  it('returns every tensor of a full batch', async () => {
    await expectNoLeak(() => {
      const batch = {
        inputs: { image: ones([2, 3]), age: ones([2]) },
        targets: { labels: ones([2, 4]) },
        ids: ['a', 'b'],
        sampleWeight: ones([2]),
        labelled: ones([2]),
        mask: ones([2, 3]),
      };
      const tensors = tensorsOfBatch(batch);
      expect(tensors).toHaveLength(6);
      for (const tensor of tensors) tensor.dispose();
    });
  });

  it('returns only the inputs of a batch that has nothing else', () => {
    const x = ones([2, 3]);
    expect(tensorsOfBatch({ inputs: { x } })).toEqual([x]);
    expect(tensorsOfBatch({ inputs: {}, targets: {} })).toEqual([]);
  });
});
