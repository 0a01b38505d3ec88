import { customGrad } from '@tensorflow/tfjs-core';
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core';

/** A value, and from the gradient of what follows and the tensors that were saved the gradient by its input. */
export interface GivenGradient<Saved extends readonly Tensor[]> {
  readonly value: Tensor;
  readonly saved: Saved;
  readonly gradient: (dy: Tensor, ...saved: Saved) => Tensor;
}

/** What `compute` makes of `x`, with the gradient that it gives: the tape does not look inside. */
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

/** What `compute` returns, as a constant: a custom gradient without inputs depends on nothing. */
export function offTape(compute: () => Tensor): Tensor {
  return customGrad<Tensor>(() => ({ value: compute(), gradFunc: () => [] }))();
}
