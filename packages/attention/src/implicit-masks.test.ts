import { forward } from '@kd/model';
import { expectKdError, useBackend } from '@kd/testing';
import { ones, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { LearnedPositions, multiHeadAttention, transformerBlock } from './index.js';

beforeAll(() => useBackend('cpu'));

const ids = (): Tensor => tensor2d([1, 2, 0], [1, 3]);
const embedded = (x: SymbolicTensor, maskZero: boolean): SymbolicTensor =>
  layers.embedding({ inputDim: 5, outputDim: 4, maskZero }).apply(x) as SymbolicTensor;
const block = (x: SymbolicTensor): SymbolicTensor => transformerBlock(x, { name: 'block', heads: 2 });

function modelWith(maskZero: boolean, build: (x: SymbolicTensor) => SymbolicTensor): LayersModel {
  const x = input({ shape: [3] });
  return model({ inputs: x, outputs: build(embedded(x, maskZero)) });
}

it.each<[string, (x: SymbolicTensor) => SymbolicTensor]>([
  ['an embedding', block],
  ['an embedding, through layers', (x) => block(layers.dense({ units: 4 }).apply(x) as SymbolicTensor)],
  [
    'an embedding, through positions',
    (x) => block(new LearnedPositions({ maxLength: 3 }).apply(x) as SymbolicTensor),
  ],
  [
    'keys and values alone',
    (x) =>
      multiHeadAttention(embedded(x.sourceLayer.input as SymbolicTensor, false), {
        name: 'block',
        heads: 2,
        keyValue: x,
      }),
  ],
  [
    'an embedding, into a model',
    (x) => {
      const inner = input({ shape: [3, 4] });
      return model({ inputs: inner, outputs: block(inner) }).apply(x) as SymbolicTensor;
    },
  ],
])('a mask from %s is refused, never ignored', async (_, build) => {
  const masked = modelWith(true, build);
  for (const run of [
    () => masked.predict(ids()),
    () => masked.apply(ids(), { training: true }),
    () => forward(masked, [ids()], { training: false }),
  ])
    await expectKdError(run, 'KD_MASK_IMPLICIT', 'block_scores', '[1,3]', 'input(');
  const y = modelWith(false, build).predict(ids()) as Tensor;
  expect(y.shape).toEqual([1, 3, 4]);
});

it('a mask of a Masking layer is refused too', () => {
  const x = input({ shape: [3, 4] });
  const masked = model({ inputs: x, outputs: block(layers.masking().apply(x) as SymbolicTensor) });
  return expectKdError(() => masked.predict(ones([1, 3, 4])), 'KD_MASK_IMPLICIT', 'block_scores');
});
