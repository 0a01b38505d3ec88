import { add, cumsum, slice, tensor2d, tensor3d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ContinuableLayer, NextValues, SeenPositions } from '@kd/core';
import { backends, expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { forward } from './forward.js';
import { forwardNext } from './forward-next.js';
import type { SeenSequence } from './forward-next.js';

/** The sum of all positions so far. */
class RunningSum extends layers.Layer implements ContinuableLayer {
  static readonly className: string = 'RunningSum';

  override computeOutputShape<Shape>(shape: Shape): Shape {
    return shape;
  }

  override call(inputs: Tensor | Tensor[]): Tensor {
    return cumsum([inputs].flat()[0] as Tensor, 1);
  }

  next([x]: readonly Tensor[], { kept: [before] }: SeenPositions): NextValues {
    const own = cumsum(x as Tensor, 1);
    const value = before === undefined ? own : add(own, before);
    const [batch = 0, length = 0, width = 0] = value.shape;
    return { value, kept: [slice(value, [0, length - 1, 0], [batch, 1, width])] };
  }
}

/** A language model: a nested block, a layer applied twice, and sums over earlier positions. */
function net(): LayersModel {
  const tokens = input({ shape: [null], dtype: 'int32' });
  const embedding = layers.embedding({ inputDim: 7, outputDim: 4, embeddingsInitializer: 'randomNormal' });
  const shared = layers.dense({ units: 4, activation: 'tanh' });
  const inside = input({ shape: [null, 4] });
  const summed = new RunningSum({}).apply(shared.apply(inside)) as SymbolicTensor;
  const block = functional({
    inputs: inside,
    outputs: layers.layerNormalization().apply(summed) as SymbolicTensor,
  });
  const embedded = embedding.apply(tokens) as SymbolicTensor;
  const first = block.apply(embedded) as SymbolicTensor;
  const second = new RunningSum({}).apply(shared.apply(first)) as SymbolicTensor;
  const joined = layers
    .concatenate()
    .apply([second, layers.dropout({ rate: 0.5 }).apply(embedded) as SymbolicTensor]);
  return functional({ inputs: tokens, outputs: layers.dense({ units: 7 }).apply(joined) as SymbolicTensor });
}

const sequence = [[1, 5, 2, 0, 6], [3, 3, 4, 1, 0]]; // prettier-ignore

/** The outputs of a sequence that is given in parts. */
function inParts(model: LayersModel, lengths: readonly number[]): Tensor[] {
  let seen: SeenSequence | undefined;
  let start = 0;
  return lengths.map((length) => {
    const part = tensor2d(sequence.map((row) => row.slice(start, start + length)), undefined, 'int32'); // prettier-ignore
    start += length;
    const next = forwardNext(model, part, seen);
    seen = next.seen;
    expect(seen.count).toBe(start);
    return next.outputs[0] as Tensor;
  });
}

describe.each(backends)('forwardNext on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([[[5]], [[1, 1, 1, 1, 1]], [[3, 1, 1]]])('gives what the whole sequence gives, in parts of %j', async (lengths) => {
    const model = net();
    const whole = forward(model, [tensor2d(sequence, undefined, 'int32')], { training: false }).outputs[0] as Tensor;
    const parts = await Promise.all(inParts(model, lengths).map((part) => part.array() as Promise<number[][][]>));
    const joined = sequence.map((_, row) => parts.flatMap((part) => part[row] ?? []));
    expectClose(await whole.data(), joined, { relative: 1e-5, absolute: 1e-6 });
  }); // prettier-ignore
});

describe('forwardNext', () => {
  beforeAll(() => useBackend('cpu'));

  it('leaves nothing behind but what is returned', async () => {
    const model = net();
    await expectNoLeak(() => {
      tidy(() => {
        inParts(model, [2, 1, 1]);
      });
    });
  });

  it('refuses layers that may look at other positions, and models of several inputs', async () => {
    const pooled = sequential({ layers: [layers.conv1d({ filters: 1, kernelSize: 2, padding: 'causal', inputShape: [null, 1], name: 'mixes' })] });
    const x = tensor3d([[[1], [2]]]);
    await expectKdError(() => forwardNext(pooled, x), 'KD_MODEL_UNSUPPORTED', '"mixes"', 'Conv1D');
    const normalized = sequential({ layers: [layers.layerNormalization({ axis: 1, inputShape: [2, 1] })] });
    await expectKdError(() => forwardNext(normalized, x), 'KD_MODEL_UNSUPPORTED', 'LayerNormalization');
    const [a, b] = [input({ shape: [null, 1] }), input({ shape: [null, 1] })];
    const both = functional({ inputs: [a, b], outputs: layers.add().apply([a, b]) as SymbolicTensor });
    await expectKdError(() => forwardNext(both, x), 'KD_MODEL_UNSUPPORTED', '2 inputs');
  });

  it.each<[string, () => unknown, string, ...string[]]>([
    ['no tensor', () => [[1]], 'KD_TENSOR_TYPE', 'input'],
    ['no position', () => tensor2d([], [2, 0], 'int32'), 'KD_TENSOR_SHAPE', 'input', '[2,0]'],
    ['another rank', () => tensor3d([[[1]], [[2]]]), 'KD_TENSOR_SHAPE', 'input', '[2,1,1]'],
    ['another number of sequences', () => tensor2d([[1]], [1, 1], 'int32'), 'KD_TENSOR_SHAPE', '[2,1]'],
  ])('refuses %s as the next positions', async (_, next, code, ...facts) => {
    const model = net();
    const { seen } = forwardNext(model, tensor2d([[1], [2]], [2, 1], 'int32'));
    await expectKdError(() => forwardNext(model, next() as Tensor, seen), code, ...facts);
  });
}); // prettier-ignore
