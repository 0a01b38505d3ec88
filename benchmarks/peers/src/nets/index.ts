import { convnet, perceptron } from '@kd-benchmarks/backends/nets';
import type { Net } from '@kd-benchmarks/backends/nets';
import { perceptron as quickstart } from '@kd-benchmarks/quickstart/models';
import type { Builder } from '../works.js';
import { depthwise } from './depthwise.js';
import { lstm } from './lstm.js';
import { resnet8 } from './resnet8.js';

/** A net; `middle` names the layer that hints are about, if it has one. */
export type BuiltNet = Pick<Net, 'model'> & Partial<Net>;

const builders: Readonly<Record<Builder, (width: number) => BuiltNet>> = {
  perceptron,
  convnet,
  quickstart: (units) => ({ model: quickstart({ units, dropout: 0, seed: 1 }) }),
  depthwise: (channels) => ({ model: depthwise(channels) }),
  resnet8: (channels) => ({ model: resnet8(channels) }),
  lstm: (units) => ({ model: lstm(units) }),
};

/** Builds a net of some units or channels. */
export function build(builder: Builder, width: number): BuiltNet {
  return builders[builder](width);
}
