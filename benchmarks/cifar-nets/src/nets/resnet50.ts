import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { makeNet } from '../parts/make-net.js';
import type { Parts } from '../parts/make-net.js';
import { channelsOf, relu, sum } from '../parts/simple.js';
import { stacked } from '../parts/stacked.js';
import type { BlockOf, Stage } from '../parts/stacked.js';
import { heFanOut, uniformFanIn } from '../parts/start.js';
import type { MakeNet } from '../tapped-net.js';

const starts = { kernels: heFanOut, classifier: [uniformFanIn, uniformFanIn] } as const;

/**
 * ResNet-50 (He et al. 2016, Deep Residual Learning for Image Recognition) for small pictures: it starts with
 * a 3x3 convolution and without pooling.
 */
export const resnet50: MakeNet = makeNet('resnet50', starts, (pictures, parts) => {
  const filters = parts.scaled(64);
  const stem = relu(parts.normalizedConvolution(pictures, 'stem', { filters, size: 3 }), 'stem_relu');
  const plans: readonly Stage[] = [
    { blocks: 3, filters: parts.scaled(64), strides: 1 },
    { blocks: 4, filters: parts.scaled(128), strides: 2 },
    { blocks: 6, filters: parts.scaled(256), strides: 2 },
    { blocks: 3, filters: parts.scaled(512), strides: 2 },
  ];
  const stages = stacked(stem, plans, (maps, options) => bottleneck(maps, options, parts));
  return { stem, stages, last: stages.at(-1) as SymbolicTensor };
});

function bottleneck(
  maps: SymbolicTensor,
  { name, filters, strides }: BlockOf<Stage>,
  { normalizedConvolution }: Parts,
): SymbolicTensor {
  const wide = 4 * filters;
  const first = normalizedConvolution(maps, `${name}_conv1`, { filters, size: 1 });
  const narrow = relu(first, `${name}_conv1_relu`);
  const second = normalizedConvolution(narrow, `${name}_conv2`, { filters, size: 3, strides });
  const inner = relu(second, `${name}_conv2_relu`);
  const third = normalizedConvolution(inner, `${name}_conv3`, { filters: wide, size: 1 });
  const isSame = strides === 1 && channelsOf(maps) === wide;
  const shortcut = isSame
    ? maps
    : normalizedConvolution(maps, `${name}_shortcut`, { filters: wide, size: 1, strides });
  return relu(sum([third, shortcut], `${name}_sum`), name);
}
