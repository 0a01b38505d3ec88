import type { TeacherPrediction } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Builds the answer of a single model from its values: the taps first, then the output if it was requested.
 *
 * The caller owns the tensors. If the answer is refused or aborted, they are disposed here.
 */
export async function answered(
  values: readonly Tensor[],
  taps: number,
  signal: AbortSignal | undefined,
  check: (output: Tensor) => Promise<void>,
): Promise<TeacherPrediction> {
  const outputs = values.slice(taps);
  try {
    for (const output of outputs) await check(output);
    signal?.throwIfAborted();
  } catch (error) {
    dispose([...values]);
    throw error;
  }
  return { members: outputs.map((output) => ({ output, weight: 1 })), taps: values.slice(0, taps) };
}
