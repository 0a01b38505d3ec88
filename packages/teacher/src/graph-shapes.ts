import { describeShape, KdError } from '@kd/core';
import type { Shape } from '@kd/core';
import { dispose, zeros } from '@tensorflow/tfjs-core';
import type { DataType, Tensor } from '@tensorflow/tfjs-core';
import type { InputInfo } from './named-inputs.js';

/**
 * Finds the shapes of a model's values by running it on zeros: once, and if an input has open sizes, again
 * with other sizes. A size that differs between the two runs is open too. Open sizes are tried as 64 and 96.
 *
 * Throws `KD_TAP_UNSUPPORTED` for a value without a row for each example.
 */
export async function shapesByRunning(
  where: string,
  inputs: readonly InputInfo[],
  names: readonly string[],
  run: (inputs: ReadonlyMap<string, Tensor>) => Promise<Tensor[]>,
): Promise<Shape[]> {
  const isOpen = inputs.some(({ shape }) => shape?.includes(null) !== false);
  const first = await shapesAt(inputs, 1, 64, run);
  const second = isOpen ? await shapesAt(inputs, 2, 96, run) : first;
  const batchIsOpen = inputs.every(({ shape }) => shape?.[0] === null);
  return first.map((shape, index) => {
    const other = second[index] ?? [];
    const open = shape.map((size, axis) => (size === other[axis] ? size : null));
    if (shape.length === other.length && shape.length > 0 && !(batchIsOpen && open[0] !== null)) return open;
    throw new KdError({
      code: 'KD_TAP_UNSUPPORTED',
      where,
      argument: `tap ${JSON.stringify(names[index])}`,
      expected: 'a value with a row for each example',
      received: `${describeShape(shape)} for one example and ${describeShape(other)} for two`,
      remedy: 'Tap a node whose first axis is the batch.',
    });
  });
}

async function shapesAt(
  inputs: readonly InputInfo[],
  rows: number,
  open: number,
  run: (inputs: ReadonlyMap<string, Tensor>) => Promise<Tensor[]>,
): Promise<number[][]> {
  const feeds = new Map(
    inputs.map(({ name, shape = [null], dtypes }) => {
      const sizes = shape.map((size, axis) => size ?? (axis === 0 ? rows : open));
      return [name, zeros(sizes, dtypes?.[0] as DataType | undefined)] as const;
    }),
  );
  try {
    const values = await run(feeds);
    const shapes = values.map(({ shape }) => shape);
    dispose(values);
    return shapes;
  } finally {
    dispose([...feeds.values()]);
  }
}
