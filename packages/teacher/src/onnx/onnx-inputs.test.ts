import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { softmax } from '@kd/testing/float64';
import { tensor, tensor2d, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { onnxModel } from '../../test/onnx-model.js';
import type { OnnxValue } from '../../test/onnx-model.js';
import { release } from '../../test/release.js';
import { channelsFirstTeacher } from '../index.js';
import { onnxTeacher } from './onnx-teacher.js';

await useBackend('cpu');

const request = { outputs: ['output'], taps: [] };
const numbersOf = (value: Tensor | undefined): number[] => Array.from(value?.dataSync() ?? []);

/** Gives its input as float64, rounded to float32. */
const cast = (type: OnnxValue['type'], batch: number | string = 'batch'): Uint8Array =>
  onnxModel(
    [
      { op: 'Cast', inputs: ['x'], outputs: ['wide'], attributes: { to: 11 } },
      { op: 'Cast', inputs: ['wide'], outputs: ['y'], attributes: { to: 1 } },
    ],
    [{ name: 'x', type, shape: [batch, 2] }],
    [{ name: 'y', type: 'float32', shape: [batch, 2] }],
  );
const answersOf = async (type: OnnxValue['type'], x: Tensor): Promise<number[]> => {
  const teacher = await onnxTeacher(ort, cast(type), { convention: 'values' });
  const answer = await teacher.predict({ inputs: { x } }, request);
  return numbersOf(answer.members[0]?.outputs['output']);
};

describe('onnxTeacher converts numbers that stay the same', () => {
  it.each([
    ['float32', 'int32', [-5, 2 ** 30]],
    ['float32', 'int64', [-7, 2 ** 40]],
    ['float32', 'uint8', [0, 255]],
    ['float32', 'bool', [0, 1]],
    ['float32', 'float64', [0.1, -2]],
    ['int32', 'int64', [-7, 2 ** 31 - 1]],
    ['int32', 'float32', [-(2 ** 24), 3]],
    ['int32', 'float64', [16_777_217, 1]],
    ['int32', 'uint8', [0, 255]],
    ['int32', 'bool', [1, 0]],
    ['bool', 'int32', [1, 0]],
    ['bool', 'int64', [0, 1]],
    ['bool', 'uint8', [1, 1]],
  ] as const)('from %s to %s', async (from, to, numbers) => {
    expect(await answersOf(to, tensor([...numbers], [1, 2], from))).toEqual(numbers.map(Math.fround));
  });

  it.each([
    ['float32', 'int32', 0.5],
    ['float32', 'int32', 2 ** 31],
    ['float32', 'int64', NaN],
    ['float32', 'uint8', 256],
    ['float32', 'bool', 2],
    ['int32', 'float32', 16_777_217],
    ['int32', 'uint8', -1],
    ['int32', 'bool', 2],
  ] as const)('but not from %s to %s: %d', async (from, to, number) => {
    await expectKdError(
      () => answersOf(to, tensor([1, number], [1, 2], from)),
      'KD_TENSOR_DTYPE',
      'the input "x" of the model',
      String(number),
      to,
    );
  });
});

it.each([1, 4])('a fixed batch of %i answers for exactly the given rows', async (size) => {
  const teacher = await onnxTeacher(ort, cast('float32', size), { convention: 'logits' });
  const { outputs, taps } = await teacher.describe({ taps: ['y'] });
  expect(outputs['output']?.shape).toEqual([null, 2]);
  expect(taps).toEqual([{ shape: [null, 2] }]);
  for (const rows of [6, 4, 3]) {
    const values = Array.from({ length: 2 * rows }, (_, index) => 3 + index);
    const x = tensor(values, [rows, 2]);
    await expectNoLeak(async () => {
      const answer = await teacher.predict({ inputs: { x } }, { outputs: ['output'], taps: ['y'] });
      expect(answer.members[0]?.outputs['output']?.shape).toEqual([rows, 2]);
      expect(numbersOf(answer.members[0]?.outputs['output'])).toEqual(values);
      expect(numbersOf(answer.taps[0])).toEqual(values);
      release(answer);
    });
    x.dispose();
  }
});

describe('channelsFirstTeacher of a segmentation model', () => {
  // A softmax over the second of four axes, open sizes, as PyTorch exports it.
  const model = onnxModel(
    [
      { op: 'Transpose', inputs: ['image'], outputs: ['last'], attributes: { perm: [0, 2, 3, 1] } },
      { op: 'Softmax', inputs: ['last'], outputs: ['soft'], attributes: { axis: 3 } },
      { op: 'Transpose', inputs: ['soft'], outputs: ['mask'], attributes: { perm: [0, 3, 1, 2] } },
    ],
    [{ name: 'image', type: 'float32', shape: ['b', 3, 'h', 'w'] }],
    [{ name: 'mask', type: 'float32', shape: ['b', 3, 'h', 'w'] }],
  );
  const classes = ['sky', 'road', 'car'];

  it('gives its probabilities with channels last, and its classes keep their names', async () => {
    const inner = await onnxTeacher(ort, model, { convention: 'probabilities', classes });
    const teacher = channelsFirstTeacher(inner);
    const { outputs } = await teacher.describe({ taps: [] });
    expect(outputs['output']).toEqual({ convention: 'probabilities', shape: [null, null, null, 3], classes });
    const numbers = Array.from({ length: 2 * 4 * 5 * 3 }, (_, index) => Math.sin(index ** 2));
    const image = tensor(numbers, [2, 4, 5, 3]);
    await expectNoLeak(async () => {
      const answer = await teacher.predict({ inputs: { image } }, request);
      const output = answer.members[0]?.outputs['output'];
      expect(output?.shape).toEqual([2, 4, 5, 3]);
      const expected = Array.from({ length: 40 }, (_, place) =>
        softmax(numbers.slice(3 * place, 3 * place + 3), 1),
      );
      expectClose(numbersOf(output), expected.flat(), { relative: 1e-5, absolute: 1e-6 });
      release(answer);
    });
  });

  it('still notices what no axis explains', async () => {
    const inner = await onnxTeacher(ort, model, { convention: 'logits', classes });
    const teacher = channelsFirstTeacher(inner);
    const image = tensor([1, 2, 3], [1, 1, 1, 3]);
    await expectKdError(
      () => teacher.predict({ inputs: { image } }, request),
      'KD_OUTPUT_CONVENTION',
      '"probabilities"',
    );
  });
});

describe('a classifier that ends in [B, N, 1, 1]', () => {
  const model = onnxModel(
    [{ op: 'Unsqueeze', inputs: ['x'], outputs: ['y'], attributes: { axes: [2, 3] } }],
    [{ name: 'x', type: 'float32', shape: ['b', 3] }],
    [{ name: 'y', type: 'float32', shape: ['b', 3, 1, 1] }],
  );
  const x = tensor2d([[1, 2, 3], [4, 5, 6]]); // prettier-ignore

  it('gives [B, N] if its shape is stated so', async () => {
    const inner = await onnxTeacher(ort, model, { convention: 'logits', shape: [null, 3] });
    const teacher = channelsFirstTeacher(inner);
    expect((await teacher.describe({ taps: [] })).outputs['output']?.shape).toEqual([null, 3]);
    await expectNoLeak(async () => {
      const answer = await teacher.predict({ inputs: { x } }, request);
      expect(answer.members[0]?.outputs['output']?.arraySync()).toEqual([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
      release(answer);
    });
  });

  it('and [B, 1, 1, N] otherwise', async () => {
    const teacher = channelsFirstTeacher(await onnxTeacher(ort, model, { convention: 'logits' }));
    const answer = await teacher.predict({ inputs: { x } }, request);
    expect(answer.members[0]?.outputs['output']?.shape).toEqual([2, 1, 1, 3]);
    expect(numbersOf(answer.members[0]?.outputs['output'])).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

it('computes only the wanted outputs of several', async () => {
  const model = onnxModel(
    [
      { op: 'Identity', inputs: ['x'], outputs: ['head/reg'] },
      { op: 'Transpose', inputs: ['x'], outputs: ['head/cls'], attributes: { perm: [0, 1] } },
    ],
    [{ name: 'x', type: 'float32', shape: ['b', 2] }],
    ['head/reg', 'head/cls'].map((name) => ({ name, type: 'float32', shape: ['b', 2] })),
  );
  const session = await ort.InferenceSession.create(model);
  const fetched: unknown[] = [];
  const watched = {
    ...session,
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: (feeds: never, names: readonly string[]) => {
      fetched.push(names);
      return session.run(feeds, [...names]) as never;
    },
  };
  const teacher = await onnxTeacher(ort, watched, {
    convention: {
      boxes: { convention: 'values', from: 'head/reg', shape: [null, 2] },
      classes: { convention: 'logits', from: 'head/cls', classes: ['a', 'b'] },
    },
    fingerprint: 'v1',
  });
  const x = transpose(tensor2d([[1, 2], [3, 4]])); // prettier-ignore
  const answer = await teacher.predict({ inputs: { x } }, { outputs: ['classes'], taps: [] });
  expect(Object.keys(answer.members[0]?.outputs ?? {})).toEqual(['classes']);
  expect(numbersOf(answer.members[0]?.outputs['classes'])).toEqual([1, 3, 2, 4]);
  expect(fetched).toEqual([['head/cls']]);
});
