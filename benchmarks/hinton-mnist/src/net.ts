import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';

/** Shape of a net. */
export interface NetShape {
  /** Units in each of the two hidden layers. */
  readonly units: number;
  /** Share of the hidden units that each step drops, in [0, 1). */
  readonly dropout: number;
}

/** The number of parameters of a net with so many units in each hidden layer. */
export function countParameters(units: number): number {
  return 785 * units + (units + 1) * units + 10 * (units + 1);
}

/** The shape of an image. */
export const imageShape: readonly [number, number, number] = [28, 28, 1];

/**
 * A net with two hidden layers of rectified linear units and ten logits; a seed gives its first weights.
 *
 * Its layers have names: checkpoints know weights by name, and tfjs numbers unnamed layers through a process.
 */
export function net({ units, dropout }: NetShape, seed: number): Sequential {
  const hidden = (layer: number) => {
    const name = `hidden_${String(layer)}`;
    const kernelInitializer = initializers.heNormal({ seed: seed + layer });
    return [
      layers.dense({ units, activation: 'relu', kernelInitializer, name }),
      ...(dropout > 0 ? [layers.dropout({ rate: dropout, name: `dropout_${String(layer)}` })] : []),
    ];
  };
  const kernelInitializer = initializers.glorotNormal({ seed: seed + 3 });
  return sequential({
    layers: [
      layers.flatten({ inputShape: [...imageShape], name: 'pixels' }),
      ...hidden(1),
      ...hidden(2),
      layers.dense({ units: 10, kernelInitializer, name: 'logits' }),
    ],
  });
}
