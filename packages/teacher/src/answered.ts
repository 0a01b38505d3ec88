import type { TeacherPrediction } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The answer of a single model from its values, the taps first and the output behind them if it was asked for.
 *
 * The caller owns the tensors; if the answer is refused, or no longer wanted, nobody does, and they are disposed here.
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
