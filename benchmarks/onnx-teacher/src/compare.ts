import { readFile } from 'node:fs/promises';
import { KdError } from '@kd/core';

/** What Python says of the teacher that it has exported. */
export interface AboutTeacher {
  readonly classifier: string;
  readonly versions: Readonly<Record<string, string>>;
  /** How many it has learnt from. */
  readonly digits: number;
  /** Of the first unseen digits. */
  readonly probabilities: readonly (readonly number[])[];
}

/** Differences that come from another order of summation and six written digits are below it. */
const tolerance = 1e-4;

/** Reads what stands beside an ONNX file; nothing where nothing does. */
export async function aboutTeacher(file: string): Promise<AboutTeacher | undefined> {
  const text = await readFile(file.replace(/(\.onnx)?$/, '.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as AboutTeacher);
}

/**
 * The largest difference between the probabilities of the teacher in Python and those of its logits here.
 *
 * @throws `KD_TEACHER_OUTPUT` if it is above 1e-4: an export that computes something else teaches something
 *   else
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
    remedy: 'Compare the inputs of both, and whether the exported output is the one in front of the softmax.',
  });
}

function softmaxOf(logits: Float32Array): number[] {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
