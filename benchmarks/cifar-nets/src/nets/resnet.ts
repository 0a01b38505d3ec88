import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { makeNet } from '../parts/make-net.js';
import type { Parts } from '../parts/make-net.js';
import { channelsOf, relu, sum } from '../parts/simple.js';
import { stacked } from '../parts/stacked.js';
import type { BlockOf, Stage } from '../parts/stacked.js';
import { heFanOut, uniformFanIn } from '../parts/start.js';
import type { MakeNet } from '../tapped-net.js';

const narrow = [16, 16, 32, 64] as const;
const wide = [32, 64, 128, 256] as const;

export const resnet20: MakeNet = resnet('resnet20', 20, narrow);
export const resnet32: MakeNet = resnet('resnet32', 32, narrow);
export const resnet56: MakeNet = resnet('resnet56', 56, narrow);
export const resnet110: MakeNet = resnet('resnet110', 110, narrow);
export const resnet8x4: MakeNet = resnet('resnet8x4', 8, wide);
export const resnet32x4: MakeNet = resnet('resnet32x4', 32, wide);

/**
 * A ResNet for CIFAR (He et al. 2016, Deep Residual Learning for Image Recognition, section 4.2), with
 * projections where a shortcut changes its shape.
 *
 * @param channels those of the stem and of the three stages
 */
function resnet(name: string, depth: number, channels: readonly [number, number, number, number]): MakeNet {
  const starts = { kernels: heFanOut, classifier: [uniformFanIn, uniformFanIn] } as const;
  return makeNet(name, starts, (pictures, parts) => {
    const blocks = (depth - 2) / 6;
    const [first, ...rest] = channels.map(parts.scaled);
    const filters = first as number;
    const stem = relu(parts.normalizedConvolution(pictures, 'stem', { filters, size: 3 }), 'stem_relu');
    const plans = rest.map((filters, index): Stage => ({ blocks, filters, strides: index === 0 ? 1 : 2 }));
    const stages = stacked(stem, plans, (maps, options) => block(maps, options, parts));
    return { stem, stages, last: stages.at(-1) as SymbolicTensor };
  });
}

function block(
  maps: SymbolicTensor,
  { name, filters, strides }: BlockOf<Stage>,
  { normalizedConvolution }: Parts,
): SymbolicTensor {
  const first = normalizedConvolution(maps, `${name}_conv1`, { filters, size: 3, strides });
  const inner = relu(first, `${name}_conv1_relu`);
  const second = normalizedConvolution(inner, `${name}_conv2`, { filters, size: 3 });
  const isSame = strides === 1 && channelsOf(maps) === filters;
  const shortcut = isSame
    ? maps
    : normalizedConvolution(maps, `${name}_shortcut`, { filters, size: 1, strides });
  return relu(sum([second, shortcut], `${name}_sum`), name);
}
