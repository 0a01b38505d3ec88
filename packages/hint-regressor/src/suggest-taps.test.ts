import { expectKdError, useBackend } from '@kd/testing';
import { input, layers, model, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { suggestTaps } from './suggest-taps.js';

const convnet = (prefix: string, filters: readonly number[], poolAfter: readonly number[]): LayersModel =>
  sequential({
    layers: [
      ...filters.flatMap((count, index) => [
        layers.conv2d({
          name: `${prefix}_conv_${String(index + 1)}`,
          filters: count,
          kernelSize: 3,
          padding: 'same',
          inputShape: [16, 16, index === 0 ? 1 : (filters[index - 1] as number)],
        }),
        layers.batchNormalization({ name: `${prefix}_norm_${String(index + 1)}` }),
        layers.reLU({ name: `${prefix}_relu_${String(index + 1)}` }),
        ...(poolAfter.includes(index + 1) ? [layers.maxPooling2d({ poolSize: 2 })] : []),
      ]),
      layers.flatten(),
      layers.dense({ units: 10 }),
    ],
  });

let teacher: LayersModel;
let student: LayersModel;

beforeAll(async () => {
  await useBackend('cpu');
  teacher = convnet('teacher', [32, 32, 24], [1, 2]);
  student = convnet('student', [8, 8, 8, 8, 8], [2, 4]);
});

describe('suggestTaps', () => {
  it('begins with the middle of both models, after normalisation and activation, before pooling', () => {
    expect(suggestTaps(teacher, student)[0]).toEqual({
      student: 'student_relu_3',
      studentShape: '[?,8,8,8]',
      teacher: 'teacher_relu_2',
      teacherShape: '[?,8,8,32]',
      regressor: 'pointwise 8x32',
      parameters: 288,
    });
  });

  it('moves away from the middle, and never to inputs, outputs, or layers of another rank', () => {
    const all = suggestTaps(teacher, student, { count: 100 });
    expect(all).toHaveLength(15);
    expect(new Set(all.map(({ student: own }) => own)).size).toBe(5);
    expect(
      all.every(({ student: own, teacher: other }) => own.includes('relu') && other.includes('relu')),
    ).toBe(true);
  });

  it('finds layers of nested models by their path', () => {
    const images = input({ shape: [16, 16, 1] });
    const inner = convnet('inner', [4, 4, 4], []);
    const outputs = layers.dense({ units: 2 }).apply(inner.apply(images)) as typeof images;
    const nested = model({ inputs: images, outputs });
    const [best] = suggestTaps(teacher, nested);
    expect(best?.student).toMatch(/^sequential_\d+\/inner_relu_/);
  });

  it('returns nothing if no layers are compatible', () => {
    const dense = sequential({
      layers: [layers.dense({ units: 4, inputShape: [3] }), layers.dense({ units: 2 })],
    });
    expect(suggestTaps(teacher, dense)).toEqual([]);
  });

  it('returns as many as requested', () => {
    expect(suggestTaps(teacher, student)).toHaveLength(5);
    expect(suggestTaps(teacher, student, { count: 2 })).toHaveLength(2);
  });

  it.each([
    ['none', { count: 0 }, 'KD_OPTION_RANGE'],
    ['a text', { count: '3' }, 'KD_OPTION_TYPE'],
    ['an unknown option', { most: 3 }, 'KD_OPTION_UNKNOWN'],
  ])('refuses %s', (_, options, code) =>
    expectKdError(() => suggestTaps(teacher, student, options as never), code),
  );

  it.each([undefined, 'student', sequential()])(
    'refuses anything but a model with layers: %j',
    async (model) => {
      await expectKdError(() => suggestTaps(teacher, model as never), 'KD_MODEL_UNSUPPORTED', 'student');
      await expectKdError(() => suggestTaps(model as never, student), 'KD_MODEL_UNSUPPORTED', 'teacher');
    },
  );
});
