import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { makeNet } from '../parts/make-net.js';
import type { Parts } from '../parts/make-net.js';
import { channelsOf, relu, sum } from '../parts/simple.js';
import { stacked } from '../parts/stacked.js';
import type { BlockOf, Stage } from '../parts/stacked.js';
import { heFanOut, smallNormal, zeros } from '../parts/start.js';
import type { MakeNet } from '../tapped-net.js';

interface Inverted extends Stage {
  /** How many times as many channels a block has inside. */
  readonly expansion: 1 | 6;
}

const starts = { kernels: heFanOut, classifier: [smallNormal, zeros] } as const;

/**
 * MobileNetV2 (Sandler et al. 2018) of half the width, for small pictures: the second stage keeps the size of
 * the maps. It has seven stages; its maps are those of stages 2, 3, 5 and 7.
 */
export const mobilenetV2: MakeNet = makeNet('mobilenet-v2', starts, (pictures, parts) => {
  const { normalizedConvolution, scaled } = parts;
  const first = normalizedConvolution(pictures, 'stem', { filters: scaled(16), size: 3, strides: 2 });
  const stem = relu(first, 'stem_relu');
  const plans: readonly Inverted[] = [
    { blocks: 1, filters: scaled(8), strides: 1, expansion: 1 },
    { blocks: 2, filters: scaled(12), strides: 1, expansion: 6 },
    { blocks: 3, filters: scaled(16), strides: 2, expansion: 6 },
    { blocks: 4, filters: scaled(32), strides: 2, expansion: 6 },
    { blocks: 3, filters: scaled(48), strides: 1, expansion: 6 },
    { blocks: 3, filters: scaled(80), strides: 2, expansion: 6 },
    { blocks: 1, filters: scaled(160), strides: 1, expansion: 6 },
  ];
  const stages = stacked(stem, plans, (maps, options) => inverted(maps, options, parts));
  const end = stages.at(-1) as SymbolicTensor;
  const last = normalizedConvolution(end, 'last', { filters: scaled(1280), size: 1 });
  return {
    stem,
    stages: stages.filter((_, index) => [2, 3, 5, 7].includes(index + 1)),
    last: relu(last, 'last_relu'),
  };
});

function inverted(
  maps: SymbolicTensor,
  { name, filters, strides, expansion }: BlockOf<Inverted>,
  { normalizedConvolution, normalizedDepthwise }: Parts,
): SymbolicTensor {
  const isSum = strides === 1 && channelsOf(maps) === filters;
  const inside = { filters: expansion * channelsOf(maps), size: 1 } as const;
  const wide = relu(normalizedConvolution(maps, `${name}_conv1`, inside), `${name}_conv1_relu`);
  const inner = relu(normalizedDepthwise(wide, `${name}_conv2`, strides), `${name}_conv2_relu`);
  const narrow = normalizedConvolution(inner, `${name}_conv3`, { filters, size: 1 });
  return isSum ? sum([maps, narrow], name) : narrow;
}
