import { clone, concat, matMul, serialization } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { optionsOf } from '@kd/core';
import type { ContinuableLayer, NextValues, SeenPositions, Shape } from '@kd/core';
import { mergeHeads, splitHeads } from '../heads.js';
import { layerName, ownArguments } from '../layer-options.js';
import { agree, isSequence, shapesFault } from '../shapes.js';
import { AttentionLayer } from './attention-layer.js';

/** Arguments of `AttentionContext`. */
export interface AttentionContextConfig {
  readonly name?: string;
}

const contextOptions = optionsOf<AttentionContextConfig>()({ name: layerName.optional() });

/**
 * The values that the queries take, `A_h V_h`, with the heads side by side: a layer from `[weights, value]`,
 * `[B, H, Lq, Lk]` and `[B, Lk, D]`, to `[B, Lq, D]`.
 *
 * The number of heads is that of the weights, and must divide D.
 *
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_TENSOR_SHAPE`, when applied, for inputs that do not fit;
 *   `KD_MASK_IMPLICIT`, when it runs on an input with a mask of tfjs
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { AttentionContext } from '@kd/attention';
 * import * as tf from '@tensorflow/tfjs-core';
 * const weights = tf.tensor4d([[[[0.5, 0.5]], [[0, 1]]]]);
 * const value = tf.tensor3d([[[1, 2], [3, 4]]]);
 * const context = new AttentionContext().apply([weights, value]) as tf.Tensor3D;
 * console.log(JSON.stringify(await context.array()));
 * // [[[2,4]]]
 * ```
 */
export class AttentionContext extends AttentionLayer implements ContinuableLayer {
  /** @nocollapse */
  static readonly className: string = 'AttentionContext';

  constructor(config: AttentionContextConfig = {}) {
    super(config);
    contextOptions.read(AttentionContext.className, ownArguments(config), 'config');
  }

  protected override shapeFrom(shapes: readonly Shape[]): Shape {
    const [weights, value] = shapes;
    const fits =
      shapes.length === 2 &&
      weights?.length === 4 &&
      isSequence(value) &&
      agree(weights[0], value[0]) &&
      agree(weights[3], value[1]) &&
      typeof weights[1] === 'number' &&
      value[2] % weights[1] === 0;
    if (fits) return [value[0], weights[2] ?? null, value[2]];
    const expected = 'two, [weights, value], of shapes [B, H, Lq, Lk] and [B, Lk, D] with D divisible by H';
    const remedy = 'Pass one value for each key, and the weights that AttentionWeights returns.';
    throw shapesFault(this.where, 'the inputs', expected, shapes, remedy);
  }

  protected override valueFrom([weights, value]: readonly [Tensor, Tensor]): Tensor {
    return mergeHeads(matMul(weights, splitHeads(value, weights.shape[1] as number)));
  }

  /** Keeps the values. */
  next([weights, value]: readonly [Tensor, Tensor], { kept: [before] }: SeenPositions): NextValues {
    const values = before === undefined ? clone(value) : concat([before, value], 1);
    return { value: this.valueFrom([weights, values]), kept: [values] };
  }
}

serialization.registerClass(AttentionContext, '@kd');
