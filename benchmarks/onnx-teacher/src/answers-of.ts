import { dispose, tensor } from '@tensorflow/tfjs-core';
import type { Teacher } from '@kd/core';
import { pixels } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

const batchSize = 500;

/** The logits of a teacher for all digits, row by row. */
export async function answersOf(teacher: Teacher, { images, size }: Digits): Promise<Float32Array[]> {
  const rows: Float32Array[] = [];
  for (let from = 0; from < size; from += batchSize) {
    const to = Math.min(from + batchSize, size);
    const x = tensor(images.subarray(from * pixels, to * pixels), [to - from, pixels]);
    const { members } = await teacher.predict({ inputs: { x } }, { outputs: ['output'], taps: [] });
    const outputs = members.flatMap((member) => Object.values(member.outputs));
    const values = (await outputs[0]?.data()) as Float32Array;
    const width = values.length / (to - from);
    for (let row = 0; row < to - from; row++) rows.push(values.slice(row * width, (row + 1) * width));
    dispose([x, ...outputs]);
  }
  return rows;
}
