import { loadDigits, pixels, select } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';

/** The first digits of MNIST's training set, and others to validate on: enough to see a loss work within seconds. */
export async function someDigits(): Promise<{ train: Digits; validation: Digits }> {
  const all = await loadDigits('t10k');
  const rows = (from: number, to: number): Int32Array =>
    Int32Array.from({ length: to - from }, (_, index) => from + index);
  return { train: select(all, rows(0, 2000)), validation: select(all, rows(2000, 4000)) };
}

/** A perceptron with one hidden layer and ten logits. */
export function perceptron(units: number): Sequential {
  const kernelInitializer = initializers.heNormal({ seed: 1 });
  return sequential({
    layers: [
      layers.dense({ units, activation: 'relu', inputShape: [pixels], kernelInitializer }),
      layers.dense({ units: 10, kernelInitializer: initializers.glorotNormal({ seed: 2 }) }),
    ],
  });
}
