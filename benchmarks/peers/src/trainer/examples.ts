import { randomNormal, randomUniform } from '@tensorflow/tfjs-core';
import type { Work } from '../works.js';

/** Examples in memory, of random numbers. */
export interface Examples {
  readonly inputs: { readonly values: Float32Array; readonly shape: number[] };
  readonly labels: Int32Array;
  readonly ids: string[];
}

const classes = 10;

/** As many examples as a work has batches for. */
export async function examplesOf({ input, batch, batches }: Work): Promise<Examples> {
  const count = batch * batches;
  const shape = [count, ...input];
  const x = randomNormal(shape, 0, 1, 'float32', 1);
  const y = randomUniform([count], 0, classes, 'int32', 2);
  const [values, labels] = await Promise.all([x.data<'float32'>(), y.data<'int32'>()]);
  x.dispose();
  y.dispose();
  return {
    inputs: { values: Float32Array.from(values), shape },
    labels: Int32Array.from(labels),
    ids: Array.from({ length: count }, (_, row) => `example-${String(row)}`),
  };
}
