import type { BatchStream } from '@kd/data';
import { pixels } from '@kd-datasets/mnist';
import { tensor } from '@tensorflow/tfjs-core';
import type { Work } from '../work/read-work.js';

/** The batches of a work, in the same order in each epoch. */
export function batchesOf({ images, labels, batch }: Work): BatchStream {
  return function* () {
    for (let row = 0; row < labels.length; row += batch) {
      const values = images.subarray(row * pixels, (row + batch) * pixels);
      yield {
        inputs: { x: tensor(values, [batch, pixels]) },
        targets: { labels: tensor(labels.subarray(row, row + batch), [batch], 'int32') },
      };
    }
  };
}
