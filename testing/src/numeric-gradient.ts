import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Central differences of `sum(f(x))` with respect to every element of `x`; the step size suits float32. */
export function numericGradient(f: (x: Tensor) => Tensor, x: Tensor, step = 1e-2): number[] {
  const values = Array.from(x.dataSync());
  const total = (changed: number[]): number =>
    tidy(() => Array.from(f(tensor(changed, x.shape)).dataSync()).reduce((sum, value) => sum + value, 0));
  return values.map((value, index) => {
    const at = (shift: number): number => total(values.with(index, value + shift));
    return (at(step) - at(-step)) / (2 * step);
  });
}
