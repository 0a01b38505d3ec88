import type { Shape, Teacher, ValueInfo } from '@kd/core';
import { dispose, transpose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fingerprintOfTexts } from './fingerprint.js';
import { checkTeacher } from './teacher-like.js';
import { withInputs } from './with-inputs.js';

const toChannelsFirst = [0, 3, 1, 2];
const toChannelsLast = [0, 2, 3, 1];

/**
 * Adapts a teacher whose images and maps have channels first, `[B, C, H, W]`, as PyTorch exports them, to
 * data with channels last.
 *
 * It transposes inputs of four axes on their way in, and outputs and taps of four axes on their way out:
 * segmentation logits `[B, N, H, W]` become `[B, H, W, N]`. Everything else passes unchanged. A classifier
 * that ends in `[B, N, 1, 1]` gives `[B, N]` if the teacher inside states that shape: `shape: [null, 1000]`.
 *
 * @param teacher any teacher with channels first
 * @returns a `Teacher` with channels last
 * @throws `KD_OPTION_TYPE` unless `teacher` is a teacher
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { channelsFirstTeacher, layersTeacher } from '@kd/teacher';
 * import { ones } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const model = sequential({ layers: [layers.flatten({ inputShape: [3, 4, 5] }), layers.dense({ units: 2 })] });
 * const teacher = channelsFirstTeacher(layersTeacher(model, { convention: 'logits' }));
 * const { members } = await teacher.predict({ inputs: { x: ones([1, 4, 5, 3]) } }, { outputs: ['output'], taps: [] });
 * console.log(members[0]?.outputs['output']?.shape);
 * // [ 1, 2 ]
 * ```
 */
export function channelsFirstTeacher(teacher: Teacher): Teacher {
  const where = 'channelsFirstTeacher';
  checkTeacher(where, 'teacher', teacher);
  const inner = withInputs(teacher, {
    name: 'channels first',
    inputs: ({ inputs }) =>
      Object.fromEntries(
        Object.entries(inputs).map(([name, input]) => [
          name,
          input.rank === 4 ? transpose(input, toChannelsFirst) : input,
        ]),
      ),
  });
  return {
    ...inner,
    describe: async (request) => {
      const { outputs, taps, fingerprint, ...rest } = await inner.describe(request);
      return {
        outputs: mapValues(outputs, lastOfInfo),
        taps: taps.map(lastOfInfo),
        fingerprint: fingerprintOfTexts([where, fingerprint]),
        ...rest,
      };
    },
    predict: async (batch, request) => {
      const { members, taps } = await inner.predict(batch, request);
      return {
        members: members.map(({ outputs, weight }) => ({
          outputs: mapValues(outputs, channelsLast),
          weight,
        })),
        taps: taps.map(channelsLast),
      };
    },
  };
}

function mapValues<T>(values: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

function lastOfInfo<Info extends ValueInfo>(info: Info): Info {
  return { ...info, shape: lastOfShape(info.shape) };
}

function lastOfShape(shape: Shape): Shape {
  return shape.length === 4 ? toChannelsLast.map((axis) => shape[axis] ?? null) : shape;
}

function channelsLast(value: Tensor): Tensor {
  if (value.rank !== 4) return value;
  const transposed = transpose(value, toChannelsLast);
  dispose(value);
  return transposed;
}
