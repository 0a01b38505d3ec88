import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { pixels } from '@kd-datasets/mnist';

/** Shape and first weights of a perceptron. */
export interface PerceptronOptions {
  /** Units in each of the two hidden layers. */
  readonly units: number;
  /** Share of the hidden units that each step drops, in [0, 1). */
  readonly dropout: number;
  /** The same seed gives the same first weights. From 1, because tfjs's initializers ignore a seed of 0. */
  readonly seed: number;
}

/** A perceptron with two hidden layers of rectified linear units and ten logits. */
export function perceptron({ units, dropout, seed }: PerceptronOptions): Sequential {
  const model = sequential();
  for (const layer of [0, 1]) {
    const kernelInitializer = initializers.heNormal({ seed: seed + layer });
    model.add(
      layers.dense({
        units,
        activation: 'relu',
        kernelInitializer,
        inputShape: [layer === 0 ? pixels : units],
      }),
    );
    if (dropout > 0) model.add(layers.dropout({ rate: dropout }));
  }
  model.add(layers.dense({ units: 10, kernelInitializer: initializers.glorotNormal({ seed: seed + 2 }) }));
  return model;
}
