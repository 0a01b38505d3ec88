import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { describeValue, KdError } from '@kd/core';
import { SequenceLayer } from './sequence-layer.js';

type Kwargs = Parameters<layers.Layer['call']>[1];

/**
 * A layer of attention. It refuses masks that tfjs passes along: tfjs gives a layer the mask of its first
 * input alone, and leaves it to all later layers; its `add` drops or misshapes it.
 */
export abstract class AttentionLayer extends SequenceLayer {
  override call(inputs: Tensor | Tensor[], kwargs: Kwargs): Tensor | Tensor[] {
    // Models inside models receive masks only here.
    this.refuse((kwargs as { readonly mask?: unknown } | undefined)?.mask);
    return super.call(inputs, kwargs);
  }

  override computeMask(inputs: Tensor | Tensor[], mask?: Tensor | Tensor[]): Tensor | Tensor[] {
    for (const one of [mask].flat()) this.refuse(one);
    return super.computeMask(inputs, mask);
  }

  private refuse(mask: unknown): void {
    if (mask == null) return;
    throw new KdError({
      code: 'KD_MASK_IMPLICIT',
      where: this.where,
      argument: 'its inputs',
      expected: 'without a mask that tfjs passes along',
      received: describeValue(mask),
      remedy:
        'Leave out maskZero and Masking, and pass the mask as an input: { mask: input({ shape: [L] }) }.',
    });
  }
}
