import { add, clone, mul, sub, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { valueAtPath } from '@kd/core';
import type { NamedWeight } from '@kd/core';

/** A weight with the factor on its learning rate. */
interface Scaled {
  readonly weight: NamedWeight;
  readonly factor: number;
}

/** The weights whose learning rate has a factor other than one. */
export function scaledWeights(
  trainable: readonly NamedWeight[],
  learningRateMultipliers: Readonly<Record<string, number>>,
): Scaled[] {
  return trainable.flatMap((weight) => {
    const factor = valueAtPath(learningRateMultipliers, weight.name) ?? 1;
    return factor === 1 ? [] : [{ weight, factor }];
  });
}

/**
 * Runs a step of an optimizer with the learning rates of some weights scaled.
 *
 * The steps are scaled afterwards: scaling the gradients beforehand would not change the steps of Adam and
 * RMSProp at all.
 */
export function withScaledSteps(scaled: readonly Scaled[], step: () => void): void {
  if (scaled.length === 0) {
    step();
    return;
  }
  const before = scaled.map(({ weight }): Tensor => clone(weight.variable));
  try {
    step();
    tidy(() => {
      scaled.forEach(({ weight: { variable }, factor }, index) => {
        const start = before[index] as Tensor;
        variable.assign(add(start, mul(sub(variable, start), factor)));
      });
    });
  } finally {
    for (const tensor of before) tensor.dispose();
  }
}
