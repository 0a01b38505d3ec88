import { useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import type { TappedNet } from '../tapped-net.js';
import { nets } from './index.js';
import type { NetName } from './index.js';

await useBackend('cpu');

/** Height, which is the width too, and channels. */
type Maps = readonly [side: number, channels: number];

/** The size of a net of 100 classes. */
interface Size {
  /** Weights that an optimizer changes: kernels, biases, and factors and offsets of normalisations. */
  readonly trained: number;
  /** Numbers that the normalisations track: a mean and a variance for each channel. */
  readonly tracked: number;
  readonly stem: Maps;
  readonly maps: readonly Maps[];
  readonly features: number;
}

// Counted by PyTorch in RepDistiller's nets of 100 classes: `parameters()`, and `buffers()` without counts of
// batches. The maps have the shapes of its features.
const resnet: readonly Maps[] = [[32, 16], [16, 32], [8, 64]]; // prettier-ignore
const wide: readonly Maps[] = [[32, 64], [16, 128], [8, 256]]; // prettier-ignore
const wrn: readonly Maps[] = [[32, 32], [16, 64], [8, 128]]; // prettier-ignore
const vgg: readonly Maps[] = [[16, 128], [8, 256], [4, 512], [4, 512]]; // prettier-ignore
const bottlenecks: readonly Maps[] = [[32, 256], [16, 512], [8, 1024], [4, 2048]]; // prettier-ignore
const inverted: readonly Maps[] = [[16, 12], [8, 16], [4, 48], [2, 160]]; // prettier-ignore
const shuffle1: readonly Maps[] = [[16, 240], [8, 480], [4, 960]]; // prettier-ignore
const shuffle2: readonly Maps[] = [[16, 116], [8, 232], [4, 464]]; // prettier-ignore
const sizes: Readonly<Record<NetName, Size>> = {
  resnet20: { trained: 278_324, tracked: 1_568, stem: [32, 16], maps: resnet, features: 64 },
  resnet32: { trained: 472_756, tracked: 2_464, stem: [32, 16], maps: resnet, features: 64 },
  resnet56: { trained: 861_620, tracked: 4_256, stem: [32, 16], maps: resnet, features: 64 },
  resnet110: { trained: 1_736_564, tracked: 8_288, stem: [32, 16], maps: resnet, features: 64 },
  resnet8x4: { trained: 1_233_540, tracked: 2_752, stem: [32, 32], maps: wide, features: 256 },
  resnet32x4: { trained: 7_433_860, tracked: 9_920, stem: [32, 32], maps: wide, features: 256 },
  resnet50: { trained: 23_705_252, tracked: 53_120, stem: [32, 64], maps: bottlenecks, features: 2048 },
  'wrn-16-2': { trained: 703_284, tracked: 1_824, stem: [32, 16], maps: wrn, features: 128 },
  'wrn-40-1': { trained: 569_780, tracked: 2_720, stem: [32, 16], maps: resnet, features: 64 },
  'wrn-40-2': { trained: 2_255_156, tracked: 5_408, stem: [32, 16], maps: wrn, features: 128 },
  vgg8: { trained: 3_965_028, tracked: 2_944, stem: [32, 64], maps: vgg, features: 512 },
  vgg13: { trained: 9_462_180, tracked: 5_888, stem: [32, 64], maps: vgg, features: 512 },
  'mobilenet-v2': { trained: 812_836, tracked: 18_368, stem: [16, 16], maps: inverted, features: 1280 },
  'shufflenet-v1': { trained: 949_258, tracked: 23_736, stem: [32, 24], maps: shuffle1, features: 960 },
  'shufflenet-v2': { trained: 1_355_528, tracked: 16_180, stem: [32, 24], maps: shuffle2, features: 1024 },
};

const shapeOf = ({ model }: TappedNet, layer: string) => model.getLayer(layer).outputShape;
const shape = ([side, channels]: Maps) => [null, side, side, channels];

describe.each(Object.entries(sizes))('%s', (name, { trained, tracked, stem, maps, features }) => {
  it('has the weights and features of the published net', () => {
    const net = nets[name as NetName]({ seed: 1, classes: 100 });
    const { model } = net;
    const countOf = (weights: typeof model.weights): number =>
      weights.reduce(
        (sum, weight) => sum + weight.shape.reduce<number>((all, axis) => all * (axis ?? 0), 1),
        0,
      );
    expect(countOf(model.trainableWeights)).toBe(trained);
    expect(countOf(model.nonTrainableWeights)).toBe(tracked);
    expect(model.outputShape).toEqual([null, 100]);
    expect(shapeOf(net, net.stem)).toEqual(shape(stem));
    expect(net.maps.map((layer) => shapeOf(net, layer))).toEqual(maps.map(shape));
    expect(shapeOf(net, net.features)).toEqual([null, features]);
    model.dispose();
  });
});
