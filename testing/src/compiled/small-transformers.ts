import { LearnedPositions, multiHeadAttention, transformerBlock } from '@kd/attention';
import type { InMemoryData } from '@kd/data';
import { initializers, input, layers, model } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

export const vocabulary = 7;
export const length = 8;

/** The options of a small block that a test may change. */
export type Changes = Partial<Parameters<typeof transformerBlock>[1]>;

const seeded = (seed: number): ReturnType<typeof initializers.randomUniform> =>
  initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed });

/** A causal language model: for each position logits of the next token. */
export function languageModel(changes: Changes = {}, width = 16): LayersModel {
  const ids = input({ name: 'ids', shape: [length] });
  const table = layers.embedding({
    inputDim: vocabulary,
    outputDim: width,
    embeddingsInitializer: seeded(1),
  });
  const placed = new LearnedPositions({ maxLength: length, seed: 2 }).apply(table.apply(ids));
  const options = { heads: 2, hidden: 24, causal: true, seed: 3, ...changes };
  const first = transformerBlock(placed as SymbolicTensor, { name: 'block_1', ...options });
  const second = transformerBlock(first, { name: 'block_2', ...options });
  const head = layers.dense({ name: 'logits', units: vocabulary, kernelInitializer: seeded(4) });
  return model({ inputs: ids, outputs: head.apply(second) as SymbolicTensor });
}

/** An encoder of two sequences, of which one attends to the other, with padding in it. */
export function crossModel(): LayersModel {
  const ids = input({ name: 'ids', shape: [length] });
  const other = input({ name: 'other', shape: [5, 6] });
  const mask = input({ name: 'kept', shape: [5] });
  const query = layers
    .embedding({ inputDim: vocabulary, outputDim: 8, embeddingsInitializer: seeded(1) })
    .apply(ids) as SymbolicTensor;
  const keyValue = transformerBlock(other, { name: 'block', heads: 3, mask, seed: 3, normFirst: false });
  const outputs = multiHeadAttention(query, {
    name: 'cross',
    heads: 4,
    keyValue,
    mask,
    rotary: false,
    seed: 5,
  });
  const head = layers.dense({ name: 'logits', units: vocabulary, kernelInitializer: seeded(4) });
  return model({ inputs: [ids, other, mask], outputs: head.apply(outputs) as SymbolicTensor });
}

/** Sequences that go on in steps of 1, 2 or 3, so that two tokens say what the third is. */
export function steppingData(examples: number): InMemoryData {
  const token = (example: number, place: number): number =>
    (example * 3 + place * (1 + (example % 3))) % vocabulary;
  const all = (from: number): number[] =>
    Array.from({ length: examples * length }, (_, at) =>
      token(Math.floor(at / length), (at % length) + from),
    );
  const shape = [examples, length];
  return {
    inputs: { values: Float32Array.from(all(0)), shape },
    labels: { values: Int32Array.from(all(1)), shape },
    // The step is not known before the second token.
    mask: { values: Float32Array.from(all(0), (_, at) => Number(at % length > 0)), shape },
  };
}
