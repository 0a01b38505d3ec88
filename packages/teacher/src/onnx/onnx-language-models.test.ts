import { readFileSync } from 'node:fs';
import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { cast, tensor, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Teacher } from '@kd/core';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { goldenOf, goldenPath, onnxGolden, toTensor } from '../../test/golden.js';
import type { Golden } from '../../test/golden.js';
import { onnxModel } from '../../test/onnx-model.js';
import { release } from '../../test/release.js';
import { onnxTeacher } from './onnx-teacher.js';
import type { OnnxTeacherOptions } from './onnx-teacher.js';

await useBackend('cpu');

const bytes = new Uint8Array(readFileSync(goldenPath('decoder.onnx')));
const { inputs, outputs } = onnxGolden['decoder'] as Golden;
const ids = toTensor(goldenOf(inputs, 'input_ids'), 'int32');
const mask = toTensor(goldenOf(inputs, 'attention_mask'));
const logits = goldenOf(outputs, 'logits');
const plain: OnnxTeacherOptions = { convention: { output: { convention: 'logits', from: 'logits' } } };
const masked: OnnxTeacherOptions = { ...plain, mask: 'attention_mask' };
const close = { relative: 1e-5, absolute: 1e-6 };

async function ask(teacher: Teacher, batch: Batch): Promise<number[]> {
  const answer = await teacher.predict(batch, { outputs: ['output'], taps: [] });
  const output = answer.members[0]?.outputs['output'] as Tensor;
  expect(output.shape).toEqual([2, 4, 7]);
  const values = Array.from(await output.data());
  release(answer);
  return values;
}

describe('onnxTeacher of a language model', () => {
  it.each<[string, OnnxTeacherOptions, Batch]>([
    ['inputs by name', plain, { inputs: { input_ids: ids, attention_mask: cast(mask, 'int32') } }],
    ['a mask of booleans', plain, { inputs: { input_ids: ids, attention_mask: cast(mask, 'bool') } }],
    ['the mask of the batch', masked, { inputs: { input_ids: ids }, mask }],
    ['tokens of any name', masked, { inputs: { tokens: ids }, mask }],
    ['an input rather than the mask of the batch', masked, { inputs: { input_ids: ids, attention_mask: mask }, mask: toTensor({ shape: [2, 4], values: Array<number>(8).fill(1) }) }], // prettier-ignore
  ])('gives the logits of Python for %s', async (_, options, batch) => {
    const teacher = await onnxTeacher(ort, bytes, options);
    await expectNoLeak(async () => {
      expectClose(await ask(teacher, batch), logits.values, close);
    });
    expect(Object.values(batch.inputs).every(({ isDisposed }) => !isDisposed)).toBe(true);
    expect(mask.isDisposed).toBe(false);
    teacher.dispose?.();
  });

  it('masks nothing for a batch without a mask', async () => {
    const teacher = await onnxTeacher(ort, bytes, masked);
    const ones = tensor(Array<number>(8).fill(1), [2, 4], 'int32');
    const named = { inputs: { input_ids: ids, attention_mask: ones } };
    const expected = await ask(await onnxTeacher(ort, bytes, plain), named);
    await expectNoLeak(async () => {
      expect(await ask(teacher, { inputs: { tokens: ids } })).toEqual(expected);
    });
    // The mask of the reference changes them.
    expect(Math.abs((expected[0] ?? 0) - (logits.values[0] ?? 0))).toBeGreaterThan(0.1);
  });

  it('describes every position, with several outputs and taps', async () => {
    const convention = { output: { convention: 'logits', from: 'logits' }, state: { convention: 'values', from: 'hidden' } } as const; // prettier-ignore
    const teacher = await onnxTeacher(ort, bytes, { convention, mask: 'attention_mask' });
    const described = await teacher.describe({ taps: ['hidden'] });
    expect(described.outputs).toEqual({
      output: { convention: 'logits', shape: [null, null, 7] },
      state: { convention: 'values', shape: [null, null, 4] },
    });
    expect(described.taps).toEqual([{ shape: [null, null, 4] }]);
    const answer = await teacher.predict({ inputs: { ids }, mask }, { outputs: ['state'], taps: ['hidden'] });
    const { values } = goldenOf(outputs, 'hidden');
    for (const one of [answer.members[0]?.outputs['state'], answer.taps[0]])
      expectClose(await (one as Tensor).data(), values, close);
    release(answer);
  });

  it('has another fingerprint with another mask', async () => {
    const prints = [plain, masked].map(async (options) => {
      const teacher = await onnxTeacher(ort, bytes, options);
      return (await teacher.describe({ taps: [] })).fingerprint;
    });
    expect(new Set(await Promise.all(prints)).size).toBe(2);
  });

  it('divides the mask with the tokens, if the model takes a fixed number of rows', async () => {
    // Tokens times mask, four rows at a time.
    const value = (name: string, type: 'int64' | 'float32') => ({ name, type, shape: [4, 2] });
    const model = onnxModel(
      [
        { op: 'Mul', inputs: ['ids', 'attention'], outputs: ['product'] },
        { op: 'Cast', inputs: ['product'], outputs: ['y'], attributes: { to: 1 } },
      ],
      [value('ids', 'int64'), value('attention', 'int64')],
      [value('y', 'float32')],
    );
    const teacher = await onnxTeacher(ort, model, { convention: 'values', mask: 'attention' });
    const tokens = tensor2d([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]], undefined, 'int32'); // prettier-ignore
    const kept = tensor2d([[1, 0], [1, 1], [0, 1], [1, 1], [0, 1]]); // prettier-ignore
    await expectNoLeak(async () => {
      const batch = { inputs: { tokens }, mask: kept };
      const answer = await teacher.predict(batch, { outputs: ['output'], taps: [] });
      expect(answer.members[0]?.outputs['output']?.arraySync()).toEqual([[1, 0], [3, 4], [0, 6], [7, 8], [0, 10]]); // prettier-ignore
      release(answer);
    });
  });

  it('refuses a mask that is no input, and one of another shape', async () => {
    await expectKdError(
      () => onnxTeacher(ort, bytes, { ...plain, mask: 'attention' }),
      'KD_INPUT_MISSING',
      'options.mask',
      'attention_mask, input_ids',
    );
    const teacher = await onnxTeacher(ort, bytes, masked);
    const short = tensor2d([[1, 1, 1], [1, 1, 1]]); // prettier-ignore
    await expectKdError(
      () => ask(teacher, { inputs: { ids }, mask: short }),
      'KD_TEACHER_FAILED',
      'the model',
    );
    const half = tensor2d([[1, 1, 1, 0.5], [1, 1, 1, 1]]); // prettier-ignore
    await expectKdError(() => ask(teacher, { inputs: { ids }, mask: half }), 'KD_TENSOR_DTYPE', '0.5');
    await expectKdError(() => ask(teacher, { inputs: {}, mask }), 'KD_INPUT_MISSING', 'input_ids');
  });
});
