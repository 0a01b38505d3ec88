import { input, layers, model } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { LearnedPositions, multiHeadAttention, transformerBlock } from '../src/index.js';

export const length = 5;
export const width = 8;

/** The options of the small blocks; a seed, so that two of them have the same weights. */
export const small = { name: 'block', heads: 2, hidden: 6, seed: 1 } as const;

/** A model of one sequence. */
export function modelFrom(
  build: (x: SymbolicTensor, mask: SymbolicTensor) => SymbolicTensor,
  isMasked = false,
): LayersModel {
  const [x, mask] = [input({ shape: [length, width] }), input({ shape: [length] })];
  return model({ inputs: isMasked ? [x, mask] : x, outputs: build(x, mask) });
}

/** A model with each layer of the package, from ids and a mask. */
export function modelOfAll(): LayersModel {
  const [ids, mask] = [input({ shape: [length] }), input({ shape: [length], dtype: 'int32' })];
  const embedded = layers.embedding({ inputDim: 7, outputDim: width }).apply(ids) as SymbolicTensor;
  const placed = new LearnedPositions({ name: 'positions', maxLength: 6, seed: 3 }).apply(embedded);
  const first = transformerBlock(placed as SymbolicTensor, {
    ...small,
    mask,
    causal: true,
    rotary: 500,
    dropout: 0.5,
  });
  const second = transformerBlock(first, {
    ...small,
    name: 'block/2',
    normFirst: false,
    activation: 'relu',
    useBias: false,
  });
  const keyValue = placed as SymbolicTensor;
  const outputs = multiHeadAttention(second, { name: 'cross', heads: 4, keyValue, mask, rotary: true });
  return model({ inputs: [ids, mask], outputs });
}
