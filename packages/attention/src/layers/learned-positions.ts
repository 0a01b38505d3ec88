import { add, serialization, slice } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import { optionsOf, whole } from '@kd/core';
import type { ContinuableLayer, NextValues, SeenPositions, Shape } from '@kd/core';
import { layerName, ownArguments } from '../layer-options.js';
import { isSequence, listOfShapes, shapesFault } from '../shapes.js';
import { SequenceLayer } from './sequence-layer.js';

/** Arguments of `LearnedPositions`. */
export interface LearnedPositionsConfig {
  /** The longest sequence, a whole number >= 1. */
  readonly maxLength: number;
  /** Seed of the initial embeddings, a whole number; default: different ones each time. */
  readonly seed?: number;
  readonly name?: string;
}

const positionsOptions = optionsOf<LearnedPositionsConfig>()({
  maxLength: whole(1),
  seed: whole(0).optional(),
  name: layerName.optional(),
});

// As in GPT-2 and BERT.
const deviation = 0.02;

/**
 * Adds to each position an embedding of it, `y_t = x_t + e_t`: a layer from `[B, L, D]` to `[B, L, D]` with
 * the weight `embeddings`, `[maxLength, D]`, which starts normal with a standard deviation of 0.02.
 *
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_TENSOR_SHAPE`, when applied, or when
 *   it runs if the length is not known before, for a sequence longer than `maxLength`
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { LearnedPositions } from '@kd/attention';
 * import * as tf from '@tensorflow/tfjs-core';
 * const layer = new LearnedPositions({ maxLength: 4 });
 * layer.apply(tf.zeros([1, 2, 1]));
 * layer.setWeights([tf.tensor2d([[1], [2], [3], [4]])]);
 * const y = layer.apply(tf.tensor3d([[[10], [10], [20]]])) as tf.Tensor;
 * console.log((await y.data()).join(' '));
 * // 11 12 23
 * ```
 */
export class LearnedPositions extends SequenceLayer implements ContinuableLayer {
  /** @nocollapse */
  static readonly className: string = 'LearnedPositions';
  private readonly maxLength: number;
  private readonly seed: number | undefined;
  private embeddings: LayerVariable | undefined;

  constructor(config: LearnedPositionsConfig) {
    super(config);
    const settings = positionsOptions.read(LearnedPositions.className, ownArguments(config), 'config');
    this.maxLength = settings.maxLength;
    this.seed = settings.seed;
  }

  override build(inputShape: Shape | Shape[]): void {
    const [, , width] = this.shapeFrom(listOfShapes(inputShape));
    const { seed } = this;
    const normal = initializers.randomNormal({ stddev: deviation, ...(seed === undefined ? {} : { seed }) });
    this.embeddings = this.addWeight('embeddings', [this.maxLength, width as number], 'float32', normal);
    this.built = true;
  }

  protected override shapeFrom(shapes: readonly Shape[]): Shape {
    const [x] = shapes;
    if (shapes.length === 1 && isSequence(x) && (x[1] ?? 0) <= this.maxLength) return x;
    const expected = `one sequence [B, L, D] with L up to ${String(this.maxLength)} and a known D`;
    const remedy = 'Shorten the sequence, or raise maxLength.';
    throw shapesFault(this.where, 'the input', expected, shapes, remedy);
  }

  protected override valueFrom([x]: readonly [Tensor]): Tensor {
    return this.added(x, 0);
  }

  /** Adds the embeddings of the positions from the first new one on. */
  next([x]: readonly [Tensor], { count }: SeenPositions): NextValues {
    const [batch, length, width] = x.shape as [number, number, number];
    this.shapeFrom([[batch, count + length, width]]);
    return { value: this.added(x, count), kept: [] };
  }

  private added(x: Tensor, start: number): Tensor {
    const [, length, width] = x.shape as [number, number, number];
    return add(x, slice((this.embeddings as LayerVariable).read(), [start, 0], [length, width]));
  }

  override getConfig(): serialization.ConfigDict {
    const { maxLength, seed } = this;
    return { ...super.getConfig(), maxLength, ...(seed === undefined ? {} : { seed }) };
  }
}

serialization.registerClass(LearnedPositions, '@kd');
