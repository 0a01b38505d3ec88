import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';

/**
 * A kernel that receives a negative `axis` as the positive one that it means. The stock kernels count it from
 * the first axis: wasm's read memory that is not theirs.
 */
export function withPositiveAxis(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { x } = given.inputs as { x: TensorInfo };
    const { axis } = given.attrs as unknown as { axis: number };
    return axis < 0
      ? stock({ ...given, attrs: { ...given.attrs, axis: axis + x.shape.length } })
      : stock(given);
  };
}
