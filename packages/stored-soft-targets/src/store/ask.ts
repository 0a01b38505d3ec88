import { describeShape, KdError } from '@kd/core';
import type { Shape, Teacher } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import type { BatchWithIds } from '../data/data-to-store.js';
import { where } from './options.js';

/** The outputs of a teacher for a batch, read back. */
export interface Answer {
  readonly weights: readonly number[];
  /** Shape of the output for one example. */
  readonly rowShape: readonly number[];
  /** The values of each member, row after row. */
  readonly outputs: readonly Float32Array[];
}

/** Asks a teacher for a batch. */
export async function ask(
  teacher: Teacher,
  batch: BatchWithIds,
  described: Shape,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const { members, taps } = await teacher.predict(batch, {
    taps: [],
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const [first] = members;
    if (first === undefined) throw unexpected('at least one output', 'none');
    const shape = first.output.shape as number[];
    for (const { output } of members) {
      const isAlike = output.dtype === 'float32' && output.shape.join() === shape.join();
      if (!isAlike)
        throw unexpected(`float32 ${describeShape(shape)}`, `${output.dtype} ${describeShape(output.shape)}`);
    }
    const [rows, ...rowShape] = shape;
    const isDescribed =
      described.length === shape.length &&
      rowShape.every((size, axis) => size === (described[axis + 1] ?? size));
    if (rows !== batch.ids.length || rowShape.length === 0 || !isDescribed) {
      throw unexpected(
        `an output ${describeShape([batch.ids.length, ...described.slice(1)])}`,
        describeShape(shape),
      );
    }
    const weights = members.map(({ weight }) => weight);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (!weights.every((weight) => weight >= 0) || !(Math.abs(sum - 1) < 1e-5))
      throw unexpected('weights >= 0 that sum to one', `weights [${weights.join(', ')}]`);
    const outputs = await Promise.all(
      members.map(async ({ output }) => (await output.data()) as Float32Array),
    );
    return { weights, rowShape, outputs };
  } finally {
    dispose([...members.map(({ output }) => output), ...taps]);
  }
}

function unexpected(expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where,
    argument: 'the answer of the teacher',
    expected,
    received,
    remedy: "Compare the teacher's describe() with the result of its predict().",
  });
}
