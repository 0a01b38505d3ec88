import { customGrad } from '@tensorflow/tfjs-core';
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';

/** A value, and a function from its gradient and the saved tensors to the gradient of the input. */
export interface GivenGradient<Saved extends readonly Tensor[]> {
  readonly value: Tensor;
  readonly saved: Saved;
  readonly gradient: (dy: Tensor, ...saved: Saved) => Tensor;
}

/** The value that `compute` returns for `x`, with the gradient that it gives; off the tape otherwise. */
export function withGradient<const Saved extends readonly Tensor[]>(
  x: Tensor,
  compute: (x: Tensor) => GivenGradient<Saved>,
): Tensor {
  return customGrad<Tensor>((...given) => {
    const [input, save] = given as [Tensor, GradSaveFunc];
    const { value, saved, gradient } = compute(input);
    save([...saved]);
    return { value, gradFunc: (dy, kept) => gradient(dy, ...(kept as unknown as Saved)) };
  })(x);
}

/** The value that `compute` returns, as a constant: a custom gradient without inputs depends on nothing. */
export function offTape(compute: () => Tensor): Tensor {
  return customGrad<Tensor>(() => ({ value: compute(), gradFunc: () => [] }))();
}
