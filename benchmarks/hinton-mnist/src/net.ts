import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';

/** Shape of a net. */
export interface NetShape {
  /** Units in each of the two hidden layers. */
  readonly units: number;
  /** Share of the hidden units that each step drops, in [0, 1). */
  readonly dropout: number;
}

/** The shape of an image. */
export const imageShape: readonly [number, number, number] = [28, 28, 1];

/** A net with two hidden layers of rectified linear units and ten logits; a seed gives its first weights. */
export function net({ units, dropout }: NetShape, seed: number): Sequential {
  const hidden = (layer: number) => [
    layers.dense({
      units,
      activation: 'relu',
      kernelInitializer: initializers.heNormal({ seed: seed + layer }),
    }),
    ...(dropout > 0 ? [layers.dropout({ rate: dropout })] : []),
  ];
  const kernelInitializer = initializers.glorotNormal({ seed: seed + 3 });
  return sequential({
    layers: [
      layers.flatten({ inputShape: [...imageShape] }),
      ...hidden(1),
      ...hidden(2),
      layers.dense({ units: 10, kernelInitializer }),
    ],
  });
}
