import { readFile } from 'node:fs/promises';
import { KdError } from '@kd/core';

/** What Python reports about the teacher that it exported. */
export interface AboutTeacher {
  readonly classifier: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Number of digits that it learnt from. */
  readonly digits: number;
  /** Its probabilities for the first unseen digits. */
  readonly probabilities: readonly (readonly number[])[];
}

/** Summing in another order and writing six digits cause smaller differences than this. */
const tolerance = 1e-4;

/** Reads the .json file next to an ONNX file; undefined if there is none. */
export async function aboutTeacher(file: string): Promise<AboutTeacher | undefined> {
  const text = await readFile(file.replace(/(\.onnx)?$/, '.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as AboutTeacher);
}

/**
 * The largest difference between the teacher's probabilities in Python and those of its logits here.
 *
 * @throws `KD_TEACHER_OUTPUT` if it is above 1e-4: the export then computes something else
 */
export function differenceOf(
  probabilities: AboutTeacher['probabilities'],
  logits: readonly Float32Array[],
): number {
  const differences = probabilities.flatMap((row, index) => {
    const here = softmaxOf(logits[index] ?? new Float32Array());
    return row.map((p, digit) => Math.abs(p - (here[digit] ?? NaN)));
  });
  const largest = Math.max(...differences);
  if (largest <= tolerance) return largest;
  throw new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where: 'onnx-teacher',
    argument: 'the probabilities of the ONNX model',
    expected: `within ${String(tolerance)} of those in Python`,
    received: `a difference of ${String(largest)}`,
    remedy:
      'Check that both get the same inputs, and that the exported output is the one before the softmax.',
  });
}

function softmaxOf(logits: Float32Array): number[] {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
