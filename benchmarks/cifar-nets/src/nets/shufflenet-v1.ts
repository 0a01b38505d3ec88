import { layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { joined, shuffled } from '../parts/channels.js';
import { makeNet } from '../parts/make-net.js';
import type { Parts } from '../parts/make-net.js';
import { channelsOf, output, padded, relu, sum } from '../parts/simple.js';
import { stacked } from '../parts/stacked.js';
import type { BlockOf, Stage } from '../parts/stacked.js';
import { uniformFanIn } from '../parts/start.js';
import type { MakeNet } from '../tapped-net.js';

interface Shuffling extends Stage {
  /** Groups of the first convolution of the first block: the stem has too few channels for three. */
  readonly groupsOfFirst: 1 | 3;
}

const groups = 3;
const starts = { kernels: uniformFanIn, classifier: [uniformFanIn, uniformFanIn] } as const;

// Blocks have a quarter of the channels inside, in three groups.
const divisor = 4 * groups;

/** ShuffleNet with three groups (Zhang et al. 2018) for small pictures: it starts with a 1x1 convolution. */
export const shufflenetV1: MakeNet = makeNet(
  'shufflenet-v1',
  starts,
  (pictures, parts) => {
    const { normalizedConvolution, scaled } = parts;
    const stem = relu(normalizedConvolution(pictures, 'stem', { filters: scaled(24), size: 1 }), 'stem_relu');
    // First blocks add channels to those that they get.
    const [one, two, three] = [scaled(216), scaled(240), scaled(480)] as const;
    const filters = scaled(24) + one;
    const plans: readonly Shuffling[] = [
      { blocks: 4, filters, strides: 2, groupsOfFirst: 1 },
      { blocks: 8, filters: filters + two, strides: 2, groupsOfFirst: groups },
      { blocks: 4, filters: filters + two + three, strides: 2, groupsOfFirst: groups },
    ];
    const stages = stacked(stem, plans, (maps, options) => block(maps, options, parts));
    return { stem, stages, last: stages.at(-1) as SymbolicTensor };
  },
  divisor,
);

function block(
  maps: SymbolicTensor,
  { name, filters, strides, groupsOfFirst }: BlockOf<Shuffling>,
  { normalizedConvolution, normalizedDepthwise }: Parts,
): SymbolicTensor {
  const isFirst = strides === 2;
  const own = isFirst ? filters - channelsOf(maps) : filters;
  const [firstGroups, inside] = [isFirst ? groupsOfFirst : groups, own / 4];
  const first = normalizedConvolution(maps, `${name}_conv1`, {
    filters: inside,
    size: 1,
    groups: firstGroups,
  });
  const narrow = relu(first, `${name}_conv1_relu`);
  const mixed = firstGroups === 1 ? narrow : shuffled(narrow, `${name}_shuffled`, firstGroups);
  const inner = relu(normalizedDepthwise(mixed, `${name}_conv2`, strides), `${name}_conv2_relu`);
  const wide = normalizedConvolution(inner, `${name}_conv3`, { filters: own, size: 1, groups });
  if (!isFirst) return relu(sum([wide, maps], `${name}_sum`), name);
  // Zeros at the edge count in the means, as in PyTorch.
  const pooling = { poolSize: 3, strides: 2, padding: 'valid', name: `${name}_pooling` } as const;
  const shortcut = output(layers.averagePooling2d(pooling), padded(maps, `${name}_padding`));
  return relu(joined([wide, shortcut], `${name}_joined`), name);
}
