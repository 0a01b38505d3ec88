import { batchNormalized } from '@kd/core';
import { add, concat, conv2d, matMul, mul, reshape, sigmoid, split } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Fusion } from './fusion.js';
import { resizeNearest } from './resize-nearest.js';

/**
 * What each stage of the student says together with all deeper ones, in the teacher's shapes. The blocks
 * normalise by the batch, also in a validation, as they are not part of the student.
 *
 * @param student maps `[B, H, W, C]`, shallow to deep
 * @param sizes height and width of the teacher's maps
 * @returns maps, shallow to deep
 */
export function fusedStages(
  fusion: Fusion,
  student: readonly Tensor[],
  sizes: readonly (readonly [height: number, width: number])[],
): Tensor[] {
  const fromDeep: Tensor[] = [];
  let deeper: Tensor | undefined;
  for (let stage = student.length - 1; stage >= 0; stage--) {
    const at = (part: keyof Fusion): Tensor => fusion[part][stage] as Tensor;
    const [height, width] = sizes[stage] as readonly [number, number];
    const own = batchNormalized(
      conv1x1(student[stage] as Tensor, at('reduce')),
      at('reduceScale'),
      at('reduceOffset'),
    );
    const both = deeper === undefined ? own : fused(own, deeper, at('attention'), at('attentionBias'));
    deeper = resizeNearest(both, height, width);
    const expanded = conv2d(deeper as Tensor4D, at('expand') as Tensor4D, 1, 'same');
    fromDeep.push(batchNormalized(expanded, at('expandScale'), at('expandOffset')));
  }
  return fromDeep.reverse();
}

/** At each position a weighted sum of a stage and the deeper ones; each weight lies between 0 and 1. */
function fused(own: Tensor, deeper: Tensor, kernel: Tensor, bias: Tensor): Tensor {
  const [, height = 0, width = 0] = own.shape;
  const upsampled = resizeNearest(deeper, height, width);
  const attention = sigmoid(add(conv1x1(concat([own, upsampled], 3), kernel), bias));
  const [ofOwn, ofDeeper] = split<Tensor>(attention, 2, 3) as [Tensor, Tensor];
  return add(mul(own, ofOwn), mul(upsampled, ofDeeper));
}

function conv1x1(maps: Tensor, kernel: Tensor): Tensor {
  const rows = matMul(reshape(maps, [-1, kernel.shape[0]]), kernel as never);
  return reshape(rows, [...maps.shape.slice(0, -1), kernel.shape[1] as number]);
}
