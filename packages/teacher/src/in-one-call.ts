import type { Named, StepRunner } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The values that a model computes from the inputs of a batch, in one call of the backend where that is
 * possible.
 *
 * @param key what they depend on besides the shapes of the inputs: the wanted outputs and taps
 * @param fixed weights that are no variables
 */
export function inOneCall(
  runner: StepRunner,
  key: string,
  inputs: Named,
  fixed: readonly Tensor[],
  compute: () => readonly Tensor[],
): Tensor[] {
  const { tensors, layout } = runner.run(
    () => {
      const values = compute();
      const names = values.map((_, index) => `value ${String(index)}`);
      return {
        tensors: Object.fromEntries(names.map((name, index) => [name, values[index] as Tensor])),
        layout: names,
      };
    },
    () => ({ key, inputs, state: [], fixed }),
  );
  return layout.map((name) => tensors[name] as Tensor);
}
