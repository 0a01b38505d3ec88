import { add, dispose, mul, scalar, stack, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { forward, inputsOfModel, tensorsOfBatch } from '@kd/core';
import type { Batch } from '@kd/core';
import type { Student } from '@kd/recipe';
import type { Measurements } from './history.js';
import type { Measure } from './measure.js';

/**
 * Averages a measure over a validation set, the student in inference mode and at T = 1.
 *
 * Sums stay on the device; all numbers are read once, at the end.
 */
export async function validate(
  { model, output: convention }: Student,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  measure: Measure,
): Promise<Measurements> {
  let names: string[] = [];
  let sums: Tensor | undefined;
  for await (const batch of batches) {
    const partial = tidy(() => {
      const { outputs } = forward(model, inputsOfModel('validation', model, batch), { training: false });
      const measured = measure({ output: outputs[0] as Tensor, convention }, batch);
      names = Object.keys(measured);
      return sumsOf(Object.values(measured), batch.sampleWeight, outputs[0] as Tensor);
    });
    dispose(tensorsOfBatch(batch));
    if (sums === undefined) {
      sums = partial;
    } else {
      const next = add(sums, partial);
      dispose([sums, partial]);
      sums = next;
    }
  }
  if (sums === undefined) return {};
  const [weight = NaN, ...totals] = await sums.data();
  sums.dispose();
  return Object.fromEntries(names.map((name, index) => [name, (totals[index] ?? NaN) / weight]));
}

/** Sum of the weights, then weighted sums of each value. */
function sumsOf(values: readonly Tensor[], weight: Tensor | undefined, output: Tensor): Tensor {
  if (weight === undefined)
    return stack([scalar(output.shape.at(0) ?? 0, 'float32'), ...values.map((each) => sum(each))]);
  return stack([sum(weight), ...values.map((each) => sum(mul(each, weight)))]);
}
