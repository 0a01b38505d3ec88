import { maxPool, reshape, serialization, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { describeValue, KdError, whole } from '@kd/core';

/** Options of `maxout`. */
export interface MaxoutOptions {
  /** Linear pieces per unit; default 2. */
  readonly pieces?: number;
  readonly name?: string;
}

/** The layer behind `maxout`. */
export class Maxout extends layers.Layer {
  static readonly className = 'Maxout';
  readonly pieces: number;

  constructor({ pieces = 2, ...rest }: MaxoutOptions = {}) {
    super(rest);
    whole(1).read({ where: 'Maxout', argument: 'options.pieces' }, pieces);
    this.pieces = pieces;
  }

  override computeOutputShape(shape: (number | null)[]): (number | null)[] {
    const width = shape.at(-1);
    if (typeof width !== 'number' || width % this.pieces !== 0) {
      throw new KdError({
        code: 'KD_TENSOR_SHAPE',
        where: 'Maxout',
        argument: `the last axis of the input of "${this.name}"`,
        expected: `a multiple of ${String(this.pieces)}, the pieces of a unit`,
        received: describeValue(width),
        remedy: 'Give the layer before it `units * pieces` filters or units.',
      });
    }
    return [...shape.slice(0, -1), width / this.pieces];
  }

  // The pieces of a unit form a window of max pooling. This is the fastest way to take the maximum, forward
  // and backward, and where two pieces are equal its gradient goes to one of them; the gradient of `max` goes
  // to both.
  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = [inputs].flat()[0] as Tensor;
      const shape = this.computeOutputShape(x.shape) as number[];
      const units = shape.at(-1) ?? 0;
      const rows = reshape<Rank.R4>(x, [1, -1, this.pieces, units]);
      return reshape(maxPool(rows, [1, this.pieces], [1, this.pieces], 'valid'), shape);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), pieces: this.pieces };
  }
}
serialization.registerClass(Maxout);

/**
 * Maxout: each unit is the largest of its linear pieces, which the layer before computes (Goodfellow et al.
 * 2013).
 *
 * The last axis holds the first pieces of all units, then the second pieces of all units, and so on: [...,
 * pieces * units] gives [..., units].
 */
export function maxout(options: MaxoutOptions = {}): Maxout {
  return new Maxout(options);
}
