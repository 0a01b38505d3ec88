import { pixels } from '@kd-datasets/mnist';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';

/** What hidden units compute. `relu` has a kink, `tanh` has none. */
export type Activation = 'relu' | 'tanh';

/** A perceptron with two hidden layers and ten logits; the same seed gives the same first weights. */
export function perceptron(units: number, activation: Activation, seed = 1): Sequential {
  const hidden = [pixels, units].map((inputs, layer) =>
    layers.dense({
      units,
      activation,
      kernelInitializer: initializers.heNormal({ seed: seed + layer }),
      inputShape: [inputs],
    }),
  );
  const kernelInitializer = initializers.glorotNormal({ seed: seed + 2 });
  return sequential({ layers: [...hidden, layers.dense({ units: 10, kernelInitializer })] });
}
