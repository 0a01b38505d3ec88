import { layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { makeNet } from '../parts/make-net.js';
import { output, relu } from '../parts/simple.js';
import { stacked } from '../parts/stacked.js';
import type { Stage } from '../parts/stacked.js';
import { heFanOut, smallNormal, zeros } from '../parts/start.js';
import type { MakeNet } from '../tapped-net.js';

export const vgg8: MakeNet = vgg('vgg8', 1);
export const vgg13: MakeNet = vgg('vgg13', 2);

/**
 * A VGG (Simonyan & Zisserman 2015) with batch normalisation, one linear layer, and for pictures of 32x32 no
 * pooling before its last stage.
 *
 * @param blocks convolutions of each stage
 */
function vgg(name: string, blocks: number): MakeNet {
  const starts = { kernels: heFanOut, classifier: [smallNormal, zeros] } as const;
  return makeNet(name, starts, (pictures, { normalizedConvolution, scaled }) => {
    const plans = ([[64, 1], [128, 2], [256, 2], [512, 2], [512, 1]] as const).map(
      ([channels, strides]): Stage => ({ blocks, filters: scaled(channels), strides }),
    ); // prettier-ignore
    const stages = stacked(pictures, plans, (maps, { name, filters, strides }) => {
      const pooling = layers.maxPooling2d({ poolSize: 2, strides: 2, name: `${name}_pooling` });
      const input = strides === 2 ? output(pooling, maps) : maps;
      const convolution = { filters, size: 3, useBias: true } as const;
      return relu(normalizedConvolution(input, `${name}_conv`, convolution), name);
    });
    const [stem, ...rest] = stages;
    return { stem: stem as SymbolicTensor, stages: rest, last: rest.at(-1) as SymbolicTensor };
  });
}
