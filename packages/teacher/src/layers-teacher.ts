import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { convention, conventions, optionsOf } from '@kd/core';
import { checkModel, forward, inputsOfModel, lastActivation, resolveTap } from '@kd/model';
import type { Batch, Convention, Tap, Teacher, TeacherDescription } from '@kd/core';
import { answered } from './answered.js';
import { answerCheck } from './check-answer.js';
import { checkCount, classNames } from './class-names.js';
import { fingerprintOfModel } from './fingerprint.js';
import { ownTensors } from './own-tensors.js';

/** Options of `layersTeacher`. */
export interface LayersTeacherOptions {
  /** The convention of the model's output. Never guessed; a last layer that contradicts it is an error. */
  readonly convention: Convention;
  /** Names of the classes in the order of the outputs; optional. */
  readonly classes?: readonly string[];
}

const layersTeacherOptions = optionsOf<LayersTeacherOptions>()({
  convention,
  classes: classNames.optional(),
});

/**
 * A teacher from a trained tfjs-layers model: functional, sequential or nested, with any layers.
 *
 * It runs in inference mode (no dropout, batch normalisation with moving statistics). Training never changes
 * it: its weights stay the same to the byte. The model remains the caller's; no part of it is disposed.
 *
 * @param model a built model with one output; logits are best, because a softmax at T = 1 loses the tail
 * @param options the convention of the output, and optionally the names of the classes
 * @returns a `Teacher`; its taps are the model's layers, `backbone/conv2d_2` for nested ones
 * @throws `KD_MODEL_UNSUPPORTED`, `KD_MODEL_CONVENTION`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`;
 *   `KD_CLASSES_MISMATCH` unless there is one name per output. `predict` rejects with `KD_INPUT_MISSING`,
 *   `KD_TENSOR_TYPE`, `KD_TENSOR_SHAPE`, with what `checkConvention` finds in the first answer if the last
 *   activation does not reveal the convention, and with the reason of an aborted signal; both reject with
 *   `KD_TAP_UNKNOWN`, `KD_TAP_AMBIGUOUS`, `KD_TAP_UNSUPPORTED`
 *
 * @example
 * ```ts
 * import { layersTeacher } from '@kd/teacher';
 * import { ones } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
 * const teacher = layersTeacher(model, { convention: 'logits' });
 * const { members } = await teacher.predict({ inputs: { x: ones([2, 4]) } }, { taps: [] });
 * console.log(members.length, members[0]?.output.shape.join());
 * // 1 2,3
 * ```
 */
export function layersTeacher(model: LayersModel, options: LayersTeacherOptions): Teacher {
  const where = 'layersTeacher';
  const { convention: is, classes } = layersTeacherOptions.read(where, options);
  checkModel(where, 'model', model, is);
  const shape = (model.outputs[0] as { shape: (number | null)[] }).shape;
  checkCount(where, classes, shape.at(-1));
  const { isLogits, activation } = conventions[is];
  // With any other last activation, or an unknown one, the first answer is checked.
  const isTold = lastActivation(model) === (isLogits ? 'linear' : activation);
  const checkAnswer = answerCheck(where);
  return {
    describe: async ({ taps }): Promise<TeacherDescription> => {
      const resolved = taps.map((tap) => resolveTap(where, model, tap));
      return {
        output: { convention: is, shape, ...(classes === undefined ? {} : { classes }) },
        taps: resolved.map((tap) => tap.shape),
        tapActivations: resolved.map(({ activation }) => activation),
        fingerprint: await fingerprintOfModel(model),
        frozen: true,
      };
    },
    predict: async (batch, { taps, outputs = true, signal }) => {
      signal?.throwIfAborted();
      const values = predictWith(where, model, batch, taps, outputs);
      return answered(values, taps.length, signal, async (value) => {
        if (!isTold) await checkAnswer(value, { convention: is, shape }, undefined);
      });
    },
  };
}

function predictWith(
  where: string,
  model: LayersModel,
  batch: Batch,
  taps: readonly Tap[],
  wantsOutputs: boolean,
): Tensor[] {
  const inputs = inputsOfModel(where, model, batch);
  const resolved = taps.map((tap) => resolveTap(where, model, tap));
  return tidy(() => {
    const options = { taps: resolved, outputs: wantsOutputs, training: false };
    const { outputs, taps: tapped } = forward(model, inputs, options);
    return ownTensors([...tapped, ...outputs], inputs);
  });
}
