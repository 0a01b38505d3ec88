import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { channelsBetween, joined, shuffled } from '../parts/channels.js';
import { makeNet } from '../parts/make-net.js';
import type { Parts } from '../parts/make-net.js';
import { relu } from '../parts/simple.js';
import { stacked } from '../parts/stacked.js';
import type { BlockOf, Stage } from '../parts/stacked.js';
import { uniformFanIn } from '../parts/start.js';
import type { MakeNet } from '../tapped-net.js';

const starts = { kernels: uniformFanIn, classifier: [uniformFanIn, uniformFanIn] } as const;

// Blocks have two branches.
const divisor = 2;

/** ShuffleNetV2 of width 1 (Ma et al. 2018) for small pictures: it starts with a 1x1 convolution. */
export const shufflenetV2: MakeNet = makeNet(
  'shufflenet-v2',
  starts,
  (pictures, parts) => {
    const { normalizedConvolution, scaled } = parts;
    const stem = relu(normalizedConvolution(pictures, 'stem', { filters: scaled(24), size: 1 }), 'stem_relu');
    const plans: readonly Stage[] = [
      { blocks: 4, filters: scaled(116), strides: 2 },
      { blocks: 8, filters: scaled(232), strides: 2 },
      { blocks: 4, filters: scaled(464), strides: 2 },
    ];
    const stages = stacked(stem, plans, (maps, options) =>
      options.strides === 2 ? downBlock(maps, options, parts) : block(maps, options, parts),
    );
    const end = stages.at(-1) as SymbolicTensor;
    const last = normalizedConvolution(end, 'last', { filters: scaled(1024), size: 1 });
    return { stem, stages, last: relu(last, 'last_relu') };
  },
  divisor,
);

/** Half of the channels pass through a branch, the others past it. */
function block(maps: SymbolicTensor, { name, filters }: BlockOf<Stage>, parts: Parts): SymbolicTensor {
  const half = filters / 2;
  const past = channelsBetween(maps, `${name}_past`, [0, half]);
  const rest = channelsBetween(maps, `${name}_rest`, [half, filters]);
  return shuffled(joined([past, branch(rest, name, half, 1, parts)], `${name}_joined`), name, 2);
}

/** Halves height and width: all channels pass through both branches. */
function downBlock(maps: SymbolicTensor, { name, filters }: BlockOf<Stage>, parts: Parts): SymbolicTensor {
  const half = filters / 2;
  const short = `${name}_short`;
  const smaller = parts.normalizedDepthwise(maps, `${short}_conv1`, 2);
  const one = parts.normalizedConvolution(smaller, `${short}_conv2`, { filters: half, size: 1 });
  const both = [relu(one, `${short}_conv2_relu`), branch(maps, name, half, 2, parts)];
  return shuffled(joined(both, `${name}_joined`), name, 2);
}

function branch(
  maps: SymbolicTensor,
  name: string,
  filters: number,
  strides: 1 | 2,
  { normalizedConvolution, normalizedDepthwise }: Parts,
): SymbolicTensor {
  const first = normalizedConvolution(maps, `${name}_conv1`, { filters, size: 1 });
  const inner = normalizedDepthwise(relu(first, `${name}_conv1_relu`), `${name}_conv2`, strides);
  return relu(normalizedConvolution(inner, `${name}_conv3`, { filters, size: 1 }), `${name}_conv3_relu`);
}
