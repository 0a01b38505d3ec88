import { addN, dispose, mul, sqrt, tidy } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { squaredNorm } from './squared-norm.js';
import type { StepResult } from './step.js';
import { addTo, meansOf, noSums } from './sums.js';

/**
 * Combines the steps of several batches into the step of everything that counts in them; returns a single one
 * unchanged.
 *
 * @param factors of the gradients of each batch
 */
export async function meanOf(
  results: readonly StepResult[],
  factors: readonly number[],
): Promise<StepResult> {
  const [first] = results as [StepResult];
  if (results.length === 1) return first;
  const gradients = Object.fromEntries(
    Object.keys(first.gradients).map((name) => [name, sumOfGradients(results, factors, name)]),
  );
  const norm = tidy(() => sqrt(squaredNorm(gradients)));
  const [gradientNorm = NaN] = await norm.data();
  norm.dispose();
  return {
    gradients,
    ...meansOf(results.reduce(addTo, noSums)),
    weights: first.weights,
    scalars: first.scalars,
    gradientNorm,
    afterStep: () => undefined,
    release: () => {
      dispose(gradients as NamedTensorMap);
    },
  };
}

function sumOfGradients(
  results: readonly StepResult[],
  factors: readonly number[],
  name: string,
): Tensor | null {
  const own = results.map(({ gradients }) => gradients[name] ?? null);
  if (own.includes(null)) return null;
  return tidy(() => addN(own.map((gradient, index) => mul(gradient as Tensor, factors[index] as number))));
}
