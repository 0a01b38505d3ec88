import type { LayersModel } from '@tensorflow/tfjs-layers';
import { KdError } from '@kd/core';

type Layer = LayersModel['layers'][number];

const convolutions = ['Conv1D', 'Conv2D', 'Conv3D'];

/**
 * The number of multiplications in the forward pass of one example: those of dense layers and convolutions,
 * and zero for any other layer, as the paper counts. Multiplications with zeros of the padding count too.
 *
 * @throws `KD_TENSOR_SHAPE` for a layer with another kind of kernel, or with an output of variable size
 */
export function multiplicationsOf(model: LayersModel): number {
  return model.layers.reduce((sum, layer) => sum + multiplicationsOfLayer(layer), 0);
}

function multiplicationsOfLayer(layer: Layer): number {
  const kernels = layer.weights.filter(({ shape }) => shape.length > 1);
  if (kernels.length === 0) return 0;
  const kind = layer.getClassName();
  const output = layer.outputShape as (number | null)[];
  const positions = output.slice(1, -1).reduce<number>((product, size) => product * (size ?? NaN), 1);
  if (!['Dense', ...convolutions].includes(kind) || Number.isNaN(positions)) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where: 'multiplicationsOf',
      argument: `layer "${layer.name}"`,
      expected: 'a dense layer or convolution with an output of fixed size, or a layer without a kernel',
      received: `${kind} with the output ${JSON.stringify(output)}`,
      remedy: 'Give the model a fixed input shape, or extend multiplicationsOf to this kind of layer.',
    });
  }
  // The whole kernel is used at each position of the output.
  return kernels.reduce(
    (sum, { shape }) => sum + positions * shape.reduce<number>((product, size) => product * (size ?? NaN), 1),
    0,
  );
}
