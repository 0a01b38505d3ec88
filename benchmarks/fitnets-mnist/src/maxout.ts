import { maxPool, reshape, serialization, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

interface MaxoutOptions {
  /** Linear pieces per unit; they divide the last axis. */
  readonly pieces: number;
  readonly name?: string;
}

class Maxout extends layers.Layer {
  static readonly className = 'Maxout';
  readonly pieces: number;

  constructor({ pieces, ...rest }: MaxoutOptions) {
    super(rest);
    this.pieces = pieces;
  }

  override computeOutputShape(shape: (number | null)[]): (number | null)[] {
    return [...shape.slice(0, -1), (shape.at(-1) ?? NaN) / this.pieces];
  }

  // The pieces of a unit form a window of max pooling. This is the fastest way to take the maximum, forward
  // and backward, and where two pieces are equal its gradient goes to one of them; the gradient of `max` goes
  // to both.
  override call(inputs: Tensor | Tensor[]): Tensor {
    return tidy(() => {
      const x = [inputs].flat()[0] as Tensor;
      const shape = this.computeOutputShape(x.shape) as number[];
      const rows = reshape<Rank.R4>(x, [1, -1, this.pieces, shape.at(-1) ?? 0]);
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
export function maxout(options: MaxoutOptions): layers.Layer {
  return new Maxout(options);
}
