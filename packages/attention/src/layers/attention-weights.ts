import { serialization } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { boolean, KdError, optionsOf } from '@kd/core';
import type { ContinuableLayer, NextValues, Shape } from '@kd/core';
import { keptKeys } from '../kept.js';
import { layerName, ownArguments } from '../layer-options.js';
import { maskedSoftmax } from '../masked-softmax.js';
import { agree, shapesFault } from '../shapes.js';
import { AttentionLayer } from './attention-layer.js';

/** Arguments of `AttentionWeights`. */
export interface AttentionWeightsConfig {
  /** Whether a query attends to no key after it; queries and keys are then equally many. Default false. */
  readonly causal?: boolean;
  readonly name?: string;
}

const weightsOptions = optionsOf<AttentionWeightsConfig>()({
  causal: boolean.default(false),
  name: layerName.optional(),
});

/**
 * How much of each key's value a query takes, a softmax over the keys that it may attend to: a layer from
 * the scores `[B, H, Lq, Lk]`, or from `[scores, mask]`, to weights of the shape of the scores.
 *
 * The mask is `[B, Lk]`, of any dtype: 1 for keys to keep, 0 for padding. The weight of a masked key is
 * exactly 0, whatever its score is, and so are all weights of a query that may attend to nothing. Otherwise
 * the weights of a query sum to 1.
 *
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_TENSOR_SHAPE`, when applied, for inputs that do not fit;
 *   `KD_MASK_IMPLICIT`, when it runs on an input with a mask of tfjs
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { AttentionWeights } from '@kd/attention';
 * import * as tf from '@tensorflow/tfjs-core';
 * const scores = tf.tensor4d([[[[0, 9, 9], [5, 5, 9], [7, 9, 7]]]]);
 * const mask = tf.tensor2d([[1, 0, 1]]);
 * const weights = new AttentionWeights({ causal: true }).apply([scores, mask]) as tf.Tensor4D;
 * console.log(JSON.stringify(await weights.array()));
 * // [[[[1,0,0],[1,0,0],[0.5,0,0.5]]]]
 * ```
 */
export class AttentionWeights extends AttentionLayer implements ContinuableLayer {
  /** @nocollapse */
  static readonly className: string = 'AttentionWeights';
  private readonly causal: boolean;

  constructor(config: AttentionWeightsConfig = {}) {
    super(config);
    this.causal = weightsOptions.read(AttentionWeights.className, ownArguments(config), 'config').causal;
  }

  protected override shapeFrom(shapes: readonly Shape[]): Shape {
    const [scores, mask] = shapes;
    const isMasked = shapes.length === 2;
    if (scores?.length !== 4 || shapes.length > 2 || (isMasked && !masks(mask, scores))) {
      const expected = 'scores [B, H, Lq, Lk], or [scores, mask] with a mask [B, Lk]';
      throw shapesFault(
        this.where,
        'the inputs',
        expected,
        shapes,
        'Pass one number of the mask for each key.',
      );
    }
    if (!this.causal || agree(scores[2], scores[3])) return scores;
    const expected = 'of equally many queries and keys, as it is causal';
    const remedy = 'Leave out causal where queries attend to another sequence.';
    throw shapesFault(this.where, 'the scores', expected, [scores], remedy);
  }

  protected override valueFrom([scores, mask]: readonly [Tensor, ...Tensor[]]): Tensor {
    const [, , queries, keys] = scores.shape as [number, number, number, number];
    return maskedSoftmax(scores, keptKeys(this.causal ? [queries, keys] : undefined, mask));
  }

  /** Keeps nothing: the scores of the next queries are those of all keys so far. */
  next(inputs: readonly [Tensor, ...Tensor[]]): NextValues {
    if (this.causal) return { value: this.valueFrom(inputs), kept: [] };
    throw new KdError({
      code: 'KD_MODEL_UNSUPPORTED',
      where: this.where,
      argument: 'causal',
      expected: 'true, to compute positions before those after them are known',
      received: 'false',
      remedy: 'Build the model with causal attention, or run whole sequences.',
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), causal: this.causal };
  }
}

function masks(mask: Shape | undefined, scores: Shape): boolean {
  return mask?.length === 2 && agree(mask[0], scores[0]) && agree(mask[1], scores[3]);
}

serialization.registerClass(AttentionWeights, '@kd');
