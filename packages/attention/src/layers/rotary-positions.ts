import { serialization } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { optionsOf, positive, whole } from '@kd/core';
import type { ContinuableLayer, NextValues, SeenPositions, Shape } from '@kd/core';
import { layerName, ownArguments } from '../layer-options.js';
import { rotated } from '../rotation.js';
import { isSequence, shapesFault } from '../shapes.js';
import { SequenceLayer } from './sequence-layer.js';

/** Arguments of `RotaryPositions`. */
export interface RotaryPositionsConfig {
  /** Number of heads, a whole number >= 1; each has an even width. */
  readonly heads: number;
  /** Base of the angles, a positive number; default 10000. */
  readonly base?: number;
  readonly name?: string;
}

const rotaryOptions = optionsOf<RotaryPositionsConfig>()({
  heads: whole(1),
  base: positive.default(10_000),
  name: layerName.optional(),
});

/**
 * Rotates pairs of numbers of each head by an angle that grows with the position, so that scores of rotated
 * queries and keys depend on how far apart they are (Su et al. 2021): a layer from `[B, L, D]` to the same
 * shape.
 *
 * With d = D / heads, the pair `(x_i, x_{i + d/2})` at position t turns by `t base^(-2i/d)`. Pairs are of two
 * halves, as in Hugging Face's Llama (`rotate_half`) and in GPT-NeoX, not of neighbours as in the paper.
 *
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_TENSOR_SHAPE`, when applied, for an
 *   input that does not fit
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { RotaryPositions } from '@kd/attention';
 * import * as tf from '@tensorflow/tfjs-core';
 * const y = new RotaryPositions({ heads: 1 }).apply(tf.tensor3d([[[1, 0], [1, 0], [0, 1]]])) as tf.Tensor;
 * console.log(Array.from(await y.data(), (value) => value.toFixed(2)).join(' '));
 * // 1.00 0.00 0.54 0.84 -0.91 -0.42
 * ```
 */
export class RotaryPositions extends SequenceLayer implements ContinuableLayer {
  /** @nocollapse */
  static readonly className: string = 'RotaryPositions';
  private readonly heads: number;
  private readonly base: number;

  constructor(config: RotaryPositionsConfig) {
    super(config);
    const settings = rotaryOptions.read(RotaryPositions.className, ownArguments(config), 'config');
    this.heads = settings.heads;
    this.base = settings.base;
  }

  protected override shapeFrom(shapes: readonly Shape[]): Shape {
    const [x] = shapes;
    if (shapes.length === 1 && isSequence(x) && x[2] % (2 * this.heads) === 0) return x;
    const expected = `one sequence [B, L, D] with D divisible by ${String(2 * this.heads)}`;
    const remedy = 'Choose a width of two numbers, or a multiple of them, for each head.';
    throw shapesFault(this.where, 'the input', expected, shapes, remedy);
  }

  protected override valueFrom([x]: readonly [Tensor]): Tensor {
    return rotated(x, this.heads, this.base);
  }

  /** Turns by the angles of the positions from the first new one on. */
  next([x]: readonly [Tensor], { count }: SeenPositions): NextValues {
    return { value: rotated(x, this.heads, this.base, count), kept: [] };
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), heads: this.heads, base: this.base };
  }
}

serialization.registerClass(RotaryPositions, '@kd');
