import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';
import { subSeed } from '@kd/core';
import { maxout } from './maxout.js';
import type { LayerPlan, Plan } from './plan.js';

/** Height and width of a digit. */
export const side = 28;

/** Linear pieces per maxout unit. */
export const pieces = 2;

type Initializer = ReturnType<typeof initializers.leCunNormal>;

/** First weights of a net. */
export interface NetOptions {
  /** The same seed gives the same first weights. */
  readonly seed: number;
  /**
   * Draw the first weights between minus and plus this number, instead of scaling them to keep the size of
   * the signal from layer to layer.
   */
  readonly uniform?: number;
}

/**
 * Builds the net of a plan, from images [28, 28, 1] to ten logits.
 *
 * The layers are named after their number in the plan, from 1: `padding_1`, `convolution_1`, `maxout_1`,
 * `pooling_1`. The net has padding and pooling only where the plan has them. The last layer is `logits`.
 */
export function net(plan: Plan, options: NetOptions): Sequential {
  const model = sequential();
  model.add(layers.inputLayer({ inputShape: [side, side, 1], name: 'image' }));
  plan.forEach((layer, index) => {
    addLayer(model, layer, String(index + 1), options);
  });
  model.add(layers.flatten({ name: 'flat' }));
  const kernelInitializer = initializerOf('logits', options);
  model.add(layers.dense({ units: 10, kernelInitializer, name: 'logits' }));
  return model;
}

function addLayer(model: Sequential, layer: LayerPlan, number: string, options: NetOptions): void {
  const { units, kernel, padding, pooling } = layer;
  if (padding !== 'same' && padding > 0) {
    const sides: [number, number] = [padding, padding];
    model.add(layers.zeroPadding2d({ padding: [sides, sides], name: `padding_${number}` }));
  }
  model.add(
    layers.conv2d({
      filters: pieces * units,
      kernelSize: kernel,
      padding: padding === 'same' ? 'same' : 'valid',
      kernelInitializer: initializerOf(number, options),
      name: `convolution_${number}`,
    }),
  );
  model.add(maxout({ pieces, name: `maxout_${number}` }));
  if (pooling !== undefined) {
    const { size, stride, padding: edge } = pooling;
    const pool = { poolSize: size, strides: stride, padding: edge, name: `pooling_${number}` };
    model.add(layers.maxPooling2d(pool));
  }
}

function initializerOf(layer: string, { seed, uniform }: NetOptions): Initializer {
  // A seed above 0, because tfjs's initializers ignore a seed of 0.
  return firstWeights({
    seed: subSeed(seed, 'kernel', layer) + 1,
    ...(uniform !== undefined && { uniform }),
  });
}

/** The first weights of a layer of maxout units, or of logits. */
export function firstWeights({ seed, uniform }: NetOptions): Initializer {
  // The mean square of each layer's output stays the same: for the larger of two independent normal numbers
  // it is their variance.
  if (uniform === undefined) return initializers.leCunNormal({ seed });
  return initializers.randomUniform({ minval: -uniform, maxval: uniform, seed });
}
