import { initializers, input, layers, model as functional } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { LearnedPositions, transformerBlock } from '@kd/attention';

/** Shape of a language model. */
export interface NetShape {
  readonly width: number;
  readonly blocks: number;
  readonly heads: number;
}

/** A decoder as GPT-2 has it, from tokens `[B, L]` to logits. A seed gives its first weights. */
export function languageModel(
  { width, blocks, heads }: NetShape,
  {
    vocabulary,
    maxLength,
    seed,
  }: { readonly vocabulary: number; readonly maxLength: number; readonly seed: number },
): LayersModel {
  const drawn = (place: number) => initializers.randomNormal({ stddev: 0.02, seed: 100 * seed + place });
  const tokens = input({ shape: [null], dtype: 'int32', name: 'tokens' });
  const embedding = {
    inputDim: vocabulary,
    outputDim: width,
    embeddingsInitializer: drawn(0),
    name: 'embedding',
  };
  const embedded = layers.embedding(embedding).apply(tokens);
  const positions = new LearnedPositions({ maxLength, seed: 100 * seed + 1, name: 'positions' });
  let x = positions.apply(embedded) as SymbolicTensor;
  for (let block = 1; block <= blocks; block++) {
    x = transformerBlock(x, {
      name: `block_${String(block)}`,
      heads,
      causal: true,
      seed: 100 * seed + 1 + block,
    });
  }
  const normalized = layers.layerNormalization({ name: 'normalization' }).apply(x);
  const logits = layers.dense({ units: vocabulary, kernelInitializer: drawn(99), name: 'logits' });
  return functional({ inputs: tokens, outputs: logits.apply(normalized) as SymbolicTensor });
}
