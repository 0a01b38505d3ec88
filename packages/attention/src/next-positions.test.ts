import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { forward, forwardNext } from '@kd/model';
import type { SeenSequence } from '@kd/model';
import { backends, expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { LearnedPositions, transformerBlock } from './index.js';

const width = 8;
const sequence = [[1, 5, 2, 0, 6], [3, 3, 4, 1, 0]]; // prettier-ignore

function languageModel({ rotary = false, causal = true, normFirst = true }): LayersModel {
  const tokens = input({ shape: [null], dtype: 'int32' });
  let x = layers.embedding({ inputDim: 7, outputDim: width }).apply(tokens) as SymbolicTensor;
  if (!rotary) x = new LearnedPositions({ maxLength: 5, seed: 1 }).apply(x) as SymbolicTensor;
  for (const name of ['block_1', 'block_2'])
    x = transformerBlock(x, { name, heads: 2, causal, rotary, normFirst, dropout: 0.1, seed: 3 });
  return functional({ inputs: tokens, outputs: layers.dense({ units: 7 }).apply(x) as SymbolicTensor });
}

const tokensAt = (start: number, end: number): Tensor =>
  tensor2d(sequence.map((row) => row.slice(start, end)), undefined, 'int32'); // prettier-ignore

/** The outputs of the sequence in parts of these lengths. */
function inParts(model: LayersModel, lengths: readonly number[]): Tensor[] {
  let seen: SeenSequence | undefined;
  return lengths.map((length) => {
    const start = seen?.count ?? 0;
    const next = forwardNext(model, tokensAt(start, start + length), seen);
    seen = next.seen;
    return next.outputs[0] as Tensor;
  });
}

describe.each(backends)('the next positions on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    ['learned positions', {}, [3, 1, 1]],
    ['rotary positions', { rotary: true }, [1, 1, 1, 1, 1]],
    ['normalisation last', { normFirst: false }, [2, 3]],
  ])('are those of the whole sequence: %s', async (_, options, lengths) => {
    const model = languageModel(options);
    const [whole] = forward(model, [tokensAt(0, 5)], { training: false }).outputs;
    const parts = await Promise.all(
      inParts(model, lengths).map((part) => part.array() as Promise<number[][][]>),
    );
    const joined = sequence.map((__, row) => parts.flatMap((part) => part[row] ?? []));
    expectClose(await (whole as Tensor).data(), joined, { relative: 1e-5, absolute: 2e-6 });
  });
});

describe('the next positions', () => {
  beforeAll(() => useBackend('cpu'));

  it('leave nothing behind', async () => {
    const model = languageModel({});
    await expectNoLeak(() => {
      tidy(() => {
        inParts(model, [3, 1]);
      });
    });
  });

  it('are refused by attention that looks ahead, and beyond the longest sequence', async () => {
    const ahead = languageModel({ causal: false });
    await expectKdError(() => inParts(ahead, [1]), 'KD_MODEL_UNSUPPORTED', 'block_1_weights', 'causal');
    const model = languageModel({});
    const { seen } = forwardNext(model, tokensAt(0, 5));
    expect(seen.count).toBe(5);
    await expectKdError(
      () => forwardNext(model, tokensAt(0, 1), seen),
      'KD_TENSOR_SHAPE',
      'up to 5',
      '[2,6,8]',
    );
  });
});
