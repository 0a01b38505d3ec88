import { addN, dispose, mul, sqrt, square, stack, sum, tidy } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { checkAccumulableNormalizers } from './check-accumulation.js';
import type { StepResult } from './step.js';
import { addTo, meansOf, noSums } from './sums.js';

/**
 * Combines the steps of several batches into the step of all their examples; returns a single one unchanged.
 */
export async function meanOf(
  where: string,
  results: readonly StepResult[],
  sizes: readonly number[],
): Promise<StepResult> {
  const [first] = results as [StepResult];
  if (results.length === 1) return first;
  checkAccumulableNormalizers(where, results, sizes);
  const gradients = Object.fromEntries(
    Object.keys(first.gradients).map((name) => [name, meanGradient(results, sizes, name)]),
  );
  const norm = tidy(() => {
    const squares = Object.values(gradients).flatMap((gradient) =>
      gradient === null ? [] : [sum(square(gradient))],
    );
    return sqrt(sum(stack(squares)));
  });
  const [gradientNorm = NaN] = await norm.data();
  norm.dispose();
  return {
    gradients,
    ...meansOf(results.reduce(addTo, noSums)),
    weights: first.weights,
    gradientNorm,
    afterStep: () => undefined,
    release: () => {
      dispose(gradients as NamedTensorMap);
    },
  };
}

function meanGradient(results: readonly StepResult[], sizes: readonly number[], name: string): Tensor | null {
  const examples = sizes.reduce((total, size) => total + size, 0);
  const own = results.map(({ gradients }) => gradients[name] ?? null);
  if (own.includes(null)) return null;
  return tidy(() =>
    addN(own.map((gradient, index) => mul(gradient as Tensor, (sizes[index] ?? 0) / examples))),
  );
}
