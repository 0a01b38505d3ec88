import { layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

/** The output of a layer that has one output. */
export function output(layer: layers.Layer, inputs: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  return layer.apply(inputs) as SymbolicTensor;
}

/** Number of channels of maps. */
export function channelsOf(maps: SymbolicTensor): number {
  return maps.shape.at(-1) as number;
}

/** Maps normalised over the batch, with PyTorch's defaults: its momentum of 0.1 is the share of the new. */
export function normalized(maps: SymbolicTensor, name: string): SymbolicTensor {
  return output(layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5, name }), maps);
}

/** The positive part of maps. */
export function relu(maps: SymbolicTensor, name: string): SymbolicTensor {
  return output(layers.reLU({ name }), maps);
}

/** The sum of maps of one shape. */
export function sum(maps: SymbolicTensor[], name: string): SymbolicTensor {
  return output(layers.add({ name }), maps);
}

/** Maps with zeros around them, one on each side. */
export function padded(maps: SymbolicTensor, name: string): SymbolicTensor {
  return output(layers.zeroPadding2d({ padding: 1, name }), maps);
}
