import { clone, concat, matMul, mul, serialization } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { optionsOf, whole } from '@kd/core';
import type { ContinuableLayer, NextValues, SeenPositions, Shape } from '@kd/core';
import { splitHeads } from '../heads.js';
import { layerName, ownArguments } from '../layer-options.js';
import { agree, isSequence, shapesFault } from '../shapes.js';
import { AttentionLayer } from './attention-layer.js';

/** Arguments of `AttentionScores`. */
export interface AttentionScoresConfig {
  /** Number of heads H, a whole number >= 1 that divides the width of queries and keys. */
  readonly heads: number;
  readonly name?: string;
}

const scoresOptions = optionsOf<AttentionScoresConfig>()({ heads: whole(1), name: layerName.optional() });

/**
 * How well each query matches each key in each head, `Q_h K_hᵀ / sqrt(d)` with d = D / heads (Vaswani et al.
 * 2017, eq. 1): a layer from `[query, key]`, `[B, Lq, D]` and `[B, Lk, D]`, to `[B, heads, Lq, Lk]`.
 *
 * Nothing is masked: these are the attention scores that TinyBERT matches (Jiao et al. 2020).
 *
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_TENSOR_SHAPE`, when applied, for
 *   inputs that do not fit; `KD_MASK_IMPLICIT`, when it runs on an input with a mask of tfjs
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { AttentionScores } from '@kd/attention';
 * import * as tf from '@tensorflow/tfjs-core';
 * const query = tf.tensor3d([[[1, 2, 0, 2]]]);
 * const key = tf.tensor3d([[[3, 0, 5, 5], [1, 1, 0, 3]]]);
 * const scores = new AttentionScores({ heads: 2 }).apply([query, key]) as tf.Tensor4D;
 * console.log(scores.shape.join(), Array.from(await scores.data(), (score) => score.toFixed(2)).join(' '));
 * // 1,2,1,2 2.12 2.12 7.07 4.24
 * ```
 */
export class AttentionScores extends AttentionLayer implements ContinuableLayer {
  /** @nocollapse */
  static readonly className: string = 'AttentionScores';
  private readonly heads: number;

  constructor(config: AttentionScoresConfig) {
    super(config);
    this.heads = scoresOptions.read(AttentionScores.className, ownArguments(config), 'config').heads;
  }

  protected override shapeFrom(shapes: readonly Shape[]): Shape {
    const [query, key] = shapes;
    const { heads } = this;
    const fits =
      shapes.length === 2 &&
      isSequence(query) &&
      isSequence(key) &&
      agree(query[0], key[0]) &&
      query[2] === key[2] &&
      query[2] % heads === 0;
    if (fits) return [query[0], heads, query[1], key[1]];
    const expected = `two, [query, key], of shapes [B, Lq, D] and [B, Lk, D] with D divisible by ${String(heads)}`;
    const remedy = 'Project both to the same width, a multiple of the number of heads.';
    throw shapesFault(this.where, 'the inputs', expected, shapes, remedy);
  }

  protected override valueFrom([query, key]: readonly [Tensor, Tensor]): Tensor {
    const scale = 1 / Math.sqrt((query.shape[2] as number) / this.heads);
    // The queries are scaled, because they are fewer than the scores.
    return matMul(splitHeads(mul(query, scale), this.heads), splitHeads(key, this.heads), false, true);
  }

  /** Keeps the keys. */
  next([query, key]: readonly [Tensor, Tensor], { kept: [before] }: SeenPositions): NextValues {
    const keys = before === undefined ? clone(key) : concat([before, key], 1);
    return { value: this.valueFrom([query, keys]), kept: [keys] };
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.heads };
  }
}

serialization.registerClass(AttentionScores, '@kd');
