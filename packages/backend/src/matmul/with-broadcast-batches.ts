import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../composed.js';
import { repeats } from '../repeats.js';

/**
 * A batch of products on a backend whose stock kernel takes product `i` from matrix `i` modulo the number of
 * matrices. That is right if a batch is broadcast along its first axes; for other axes we repeat it first.
 */
export function withBroadcastBatches(stock: KernelFunc, backendName: string): KernelFunc {
  return (given) => {
    const { a, b } = given.inputs as { a: TensorInfo; b: TensorInfo };
    // Nearly all products are of two matrices.
    if (a.shape.length === 2 && b.shape.length === 2) return stock(given);
    const [ofA, ofB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    if (util.arraysEqual(ofA, ofB)) return stock(given);
    const batches = broadcast_util.assertAndGetBroadcastShape(ofA, ofB);
    if ((repeats(ofA, batches) && isAll(ofB, batches)) || (repeats(ofB, batches) && isAll(ofA, batches)))
      return stock(given);
    return composed(
      given.backend as KernelBackend,
      (run, temporary) => {
        const repeated = (x: TensorInfo): TensorInfo => {
          const rank = batches.length + 2;
          const shape = [...Array<number>(rank - x.shape.length).fill(1), ...x.shape];
          const reps = shape.map((size, axis) =>
            axis < batches.length ? (batches[axis] as number) / size : 1,
          );
          return run('Tile', { x: { ...x, shape } }, { reps });
        };
        const inputs = { ...given.inputs, a: repeated(a), b: repeated(b) };
        return temporary(stock({ ...given, inputs }) as TensorInfo);
      },
      backendName,
    );
  };
}

function isAll(batches: readonly number[], all: readonly number[]): boolean {
  return util.sizeFromShape([...batches]) === util.sizeFromShape([...all]);
}
