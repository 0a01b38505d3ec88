import type { GradFunc, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core';

/** A kernel's gradient as tfjs expects it: a function for each input. */
export type Gradients = ReturnType<GradFunc>;

/** tfjs's own gradient; of another output gradient and with other attributes if they are given. */
export type StockGradient = (changes?: { dy?: Tensor; attrs?: NamedAttrMap }) => Gradients;

/**
 * A gradient in place of tfjs's, from the gradient of the output, what the kernel saved, and its attributes.
 * It returns undefined wherever tfjs's own gradient is right, so that this one runs as before.
 */
export type MendedGradient = (
  dy: Tensor,
  saved: Tensor[],
  attrs: NamedAttrMap,
  stock: StockGradient,
) => Gradients | undefined;
