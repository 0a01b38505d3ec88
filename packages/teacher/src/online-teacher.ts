import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Teacher } from '@kd/core';
import { architectureOf, fingerprintOfTexts } from './fingerprint.js';
import { layersTeacher } from './layers-teacher.js';
import type { LayersTeacherOptions } from './layers-teacher.js';

/**
 * A teacher from a model that is itself being trained: it answers with its current weights.
 *
 * Use it for students that teach each other (`trainTogether` of @kd/trainer). Like `layersTeacher`, it
 * answers in inference mode and outside the tape. It is not frozen, so functions that keep answers refuse it,
 * and its fingerprint covers only the architecture. Zhang, Xiang, Hospedales and Lu 2018, Deep Mutual
 * Learning.
 *
 * @param model a built model
 * @param options the convention of the output, or conventions by name; optionally the names of the classes
 * @returns a `Teacher`
 * @throws as `layersTeacher`
 *
 * @example
 * ```ts
 * import { onlineTeacher } from '@kd/teacher';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const peer = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
 * const { frozen } = await onlineTeacher(peer, { convention: 'logits' }).describe({ taps: [] });
 * console.log(frozen);
 * // false
 * ```
 */
export function onlineTeacher(model: LayersModel, options: LayersTeacherOptions): Teacher {
  const teacher = layersTeacher(model, options);
  return {
    ...teacher,
    describe: async (request) => ({
      ...(await teacher.describe(request)),
      fingerprint: fingerprintOfTexts(['live', architectureOf(model)]),
      frozen: false,
      // It may be trained meanwhile: that is what it is for.
      variables: [],
    }),
  };
}
