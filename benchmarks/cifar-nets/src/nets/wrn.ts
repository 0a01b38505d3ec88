import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { makeNet } from '../parts/make-net.js';
import type { Parts } from '../parts/make-net.js';
import { channelsOf, normalized, relu, sum } from '../parts/simple.js';
import { stacked } from '../parts/stacked.js';
import type { BlockOf, Stage } from '../parts/stacked.js';
import { heFanOut, uniformFanIn, zeros } from '../parts/start.js';
import type { MakeNet } from '../tapped-net.js';

export const wrn16x2: MakeNet = wrn('wrn-16-2', 16, 2);
export const wrn40x1: MakeNet = wrn('wrn-40-1', 40, 1);
export const wrn40x2: MakeNet = wrn('wrn-40-2', 40, 2);

/**
 * A wide residual net (Zagoruyko & Komodakis 2016) without dropout. The maps of its stages are sums, before
 * normalisation and ReLU.
 */
function wrn(name: string, depth: number, widening: number): MakeNet {
  const starts = { kernels: heFanOut, classifier: [uniformFanIn, zeros] } as const;
  return makeNet(name, starts, (pictures, parts) => {
    const blocks = (depth - 4) / 6;
    const stem = parts.convolution(pictures, 'stem', { filters: parts.scaled(16), size: 3 });
    const plans = [16, 32, 64].map((channels, index): Stage => {
      return { blocks, filters: parts.scaled(channels * widening), strides: index === 0 ? 1 : 2 };
    });
    const stages = stacked(stem, plans, (maps, options) => block(maps, options, parts));
    const last = normalized(stages.at(-1) as SymbolicTensor, 'last_norm');
    return { stem, stages, last: relu(last, 'last_relu') };
  });
}

function block(
  maps: SymbolicTensor,
  { name, filters, strides }: BlockOf<Stage>,
  { convolution, normalizedConvolution }: Parts,
): SymbolicTensor {
  const start = relu(normalized(maps, `${name}_norm`), `${name}_relu`);
  const first = normalizedConvolution(start, `${name}_conv1`, { filters, size: 3, strides });
  const inner = relu(first, `${name}_conv1_relu`);
  const second = convolution(inner, `${name}_conv2`, { filters, size: 3 });
  // A block that keeps the shape of its maps passes on what it got before normalisation.
  const isSame = strides === 1 && channelsOf(maps) === filters;
  const shortcut = isSame ? maps : convolution(start, `${name}_shortcut`, { filters, size: 1, strides });
  return sum([second, shortcut], name);
}
