import { expandDims, serialization, where as select, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { optionsOf } from '@kd/core';
import type { Shape } from '@kd/core';
import { isKept } from '../kept.js';
import { layerName, ownArguments } from '../layer-options.js';
import { agree, shapesFault } from '../shapes.js';
import { SequenceLayer } from './sequence-layer.js';

/** Arguments of `KeptPositions`. */
export interface KeptPositionsConfig {
  readonly name?: string;
}

const keptOptions = optionsOf<KeptPositionsConfig>()({ name: layerName.optional() });

/**
 * Puts zeros in place of what stands at padded positions, NaN too: a layer from `[x, mask]`, `[B, L, D]` and
 * `[B, L]`, to `[B, L, D]`. The mask is of any dtype: 1 for positions to keep, 0 for padding.
 *
 * A weight of 0 alone does not keep NaN out of a sum, as 0 NaN is NaN.
 *
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_TENSOR_SHAPE`, when applied, for inputs that do not fit
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { KeptPositions } from '@kd/attention';
 * import * as tf from '@tensorflow/tfjs-core';
 * const kept = new KeptPositions().apply([tf.tensor3d([[[1, 2], [3, NaN]]]), tf.tensor2d([[1, 0]])]) as tf.Tensor;
 * console.log(JSON.stringify(await kept.array()));
 * // [[[1,2],[0,0]]]
 * ```
 */
export class KeptPositions extends SequenceLayer {
  /** @nocollapse */
  static readonly className: string = 'KeptPositions';

  constructor(config: KeptPositionsConfig = {}) {
    super(config);
    keptOptions.read(KeptPositions.className, ownArguments(config), 'config');
  }

  protected override shapeFrom(shapes: readonly Shape[]): Shape {
    const [x, mask] = shapes;
    const fits =
      shapes.length === 2 &&
      x?.length === 3 &&
      mask?.length === 2 &&
      agree(x[0], mask[0]) &&
      agree(x[1], mask[1]);
    if (fits) return x;
    const expected = 'two, [x, mask], of shapes [B, L, D] and [B, L]';
    throw shapesFault(
      this.where,
      'the inputs',
      expected,
      shapes,
      'Pass one number of the mask for each position.',
    );
  }

  protected override valueFrom([x, mask]: readonly [Tensor, Tensor]): Tensor {
    return select(expandDims(isKept(mask), 2), x, zerosLike(x));
  }
}

serialization.registerClass(KeptPositions, '@kd');
