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
  [pixels, units].forEach((inputs, layer) => {
    const kernelInitializer = initializers.heNormal({ seed: seed + layer });
    const name = `hidden_${String(layer + 1)}`;
    model.add(layers.dense({ units, activation: 'relu', kernelInitializer, inputShape: [inputs], name }));
    if (dropout > 0) model.add(layers.dropout({ rate: dropout, name: `dropout_${String(layer + 1)}` }));
  });
  const kernelInitializer = initializers.glorotNormal({ seed: seed + 2 });
  model.add(layers.dense({ units: 10, kernelInitializer, name: 'logits' }));
  return model;
}

/** The number of weights of a perceptron. */
export function parametersOf({ units }: PerceptronOptions): number {
  return (pixels + 1) * units + (units + 1) * units + (units + 1) * 10;
}
