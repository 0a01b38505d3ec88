import { ones, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expectKdError, useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { inputsOfModel } from './inputs-of-model.js';

await useBackend('cpu');

const single = () => sequential({ name: 'student', layers: [layers.dense({ units: 1, inputShape: [3] })] });
const double = () => {
  const inputs = [input({ name: 'image', shape: [4, 4] }), input({ name: 'age', shape: [1] })];
  const flat = layers.flatten().apply(inputs[0] as SymbolicTensor) as SymbolicTensor;
  const outputs = layers.concatenate().apply([flat, inputs[1] as SymbolicTensor]) as SymbolicTensor;
  return functional({ name: 'student', inputs, outputs });
};

describe('inputsOfModel', () => {
  it('takes the only entry, whatever its name, even for a Sequential that never ran', () => {
    const x = ones([2, 3]);
    expect(inputsOfModel('test', single(), { inputs: { anything: x } })).toEqual([x]);
  });

  it('takes the inputs in the order of the model, and ignores the rest of the batch', () => {
    const [image, age, other] = [ones([2, 4, 4]), ones([2, 1]), ones([2, 9])];
    const inputs = inputsOfModel('test', double(), { inputs: { other, age, image } });
    expect(inputs.map((tensor) => tensor.id)).toEqual([image.id, age.id]);
  });

  it('takes the entry with the right name for a model with one input', () => {
    const model = single();
    const name = model.inputs[0]?.sourceLayer.name ?? '';
    const [x, other] = [ones([2, 3]), ones([2, 9])];
    expect(inputsOfModel('test', model, { inputs: { other, [name]: x } })).toEqual([x]);
  });

  it('takes any batch size, and any size where the model leaves it open', () => {
    const model = sequential({
      layers: [layers.conv2d({ filters: 1, kernelSize: 1, inputShape: [null, null, 3] })],
    });
    for (const shape of [
      [1, 5, 7, 3],
      [9, 2, 2, 3],
    ]) {
      expect(inputsOfModel('test', model, { inputs: { x: ones(shape) } })[0]?.shape).toEqual(shape);
    }
  });

  it('refuses a batch that lacks an input', async () => {
    await expectKdError(
      () => inputsOfModel('train', double(), { inputs: { image: ones([2, 4, 4]), height: ones([2, 1]) } }),
      'KD_INPUT_MISSING',
      'train',
      'batch.inputs',
      'image, height',
    );
    await expectKdError(
      () => inputsOfModel('train', double(), { inputs: {} }),
      'KD_INPUT_MISSING',
      'no inputs',
    );
    // One entry is not enough for two inputs, even under the right name.
    await expectKdError(
      () => inputsOfModel('train', double(), { inputs: { image: ones([2, 4, 4]) } }),
      'KD_INPUT_MISSING',
    );
  });

  it.each([
    ['another size', [2, 4]],
    ['another rank', [2, 3, 1]],
    ['no batch axis', [3]],
  ])('refuses an input of %s', async (_, shape) => {
    await expectKdError(
      () => inputsOfModel('train', single(), { inputs: { x: ones(shape) } }),
      'KD_TENSOR_SHAPE',
      'train',
      'batch.inputs.x',
      `[${shape.join(',')}]`,
    );
  });

  it('refuses values that are not live tensors', async () => {
    const disposed = tensor2d([[1, 2, 3]]);
    disposed.dispose();
    for (const [x, received] of [
      [[[1, 2, 3]], 'an array of length 1'],
      [disposed, 'a disposed float32 tensor [1,3]'],
      [null, 'null'],
    ] as const) {
      await expectKdError(
        () => inputsOfModel('train', single(), { inputs: { x: x as unknown as Tensor } }),
        'KD_TENSOR_TYPE',
        'train',
        'batch.inputs.x',
        received,
      );
    }
  });
});
