import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { conventions, KdError, stepFunctions, stepRunner } from '@kd/core';
import {
  dividedInputs,
  fixedRows,
  forward,
  inputsOfModel,
  joinedValues,
  lastActivation,
  modelOutputs,
  namedWeights,
  openRows,
  resolveTap,
} from '@kd/model';
import type { ModelOutput, ResolvedTap } from '@kd/model';
import type { Batch, OutputInfo, Teacher, TeacherAnswer } from '@kd/core';
import { fingerprintOfModel, fingerprintOfTexts } from './fingerprint.js';
import { answered, answerOf } from './outputs/answered.js';
import { answerCheck, asDescribed } from './outputs/check-answer.js';
import type { AnswerCheck } from './outputs/check-answer.js';
import { describeOutput } from './outputs/described.js';
import { readStated, statedOutputs } from './outputs/stated.js';
import type { StatedOutputs } from './outputs/stated.js';
import { checkWanted } from './outputs/wanted.js';
import { inOneCall } from './in-one-call.js';
import { ownTensors } from './own-tensors.js';
import { partsOf } from './parts-of-model.js';

/** Options of `layersTeacher`. */
export type LayersTeacherOptions = StatedOutputs;

/**
 * A teacher from a trained tfjs-layers model: functional, sequential or nested, with any layers and outputs.
 *
 * It runs in inference mode (no dropout, batch normalisation with moving statistics), and computes only what
 * the wanted outputs and taps need. Training never changes it: its weights stay the same to the byte. The
 * model remains the caller's; no part of it is disposed. A model with a fixed batch size gets any number of
 * rows in parts of this size, the last filled up by repeating rows; so each row must be answered
 * independently of the others, which cannot be checked.
 *
 * @param model a built model; logits are best, because a softmax at T = 1 loses the tail
 * @param options the convention of the output, or conventions by name; optionally the names of the classes
 * @returns a `Teacher`; its taps are the model's layers, `backbone/conv2d_2` for nested ones. `predict`
 *   answers without a promise if the last activations reveal the conventions
 * @throws `KD_MODEL_UNSUPPORTED` for anything but a built model, for one convention of several outputs, and
 *   for layers that keep state between batches; `KD_OUTPUT_UNKNOWN`, `KD_MODEL_CONVENTION`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_CLASSES_MISMATCH` unless there is one name per class.
 *   `predict` throws `KD_OUTPUT_UNKNOWN`, `KD_INPUT_MISSING`, `KD_TENSOR_TYPE`, `KD_TENSOR_SHAPE`, what
 *   `checkConvention` finds in the first answer if the last activation does not reveal the convention, and
 *   the reason of an aborted signal; it and `describe` throw `KD_TAP_UNKNOWN`, `KD_TAP_AMBIGUOUS`,
 *   `KD_TAP_UNSUPPORTED`
 *
 * @example
 * ```ts
 * import { layersTeacher } from '@kd/teacher';
 * import { ones } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
 * const teacher = layersTeacher(model, { convention: 'logits' });
 * const { members } = await teacher.predict({ inputs: { x: ones([2, 4]) } }, { outputs: ['output'], taps: [] });
 * console.log(members.length, members[0]?.outputs['output']?.shape.join());
 * // 1 2,3
 * ```
 */
export function layersTeacher(model: LayersModel, options: LayersTeacherOptions): Teacher {
  const where = 'layersTeacher';
  const settings = statedOutputs.read(where, options);
  const stated = readStated(where, settings);
  const found = modelOutputs(where, 'model', model, settings.convention);
  checkStateless(where, model);
  const size = fixedRows(model.inputs.map(({ shape }) => shape));
  const outputs = new Map(
    stated.map((one, index): [string, Output] => {
      const output = found[index] as ModelOutput;
      const info = describeOutput(where, one, openRows(output.shape, size));
      return [one.name, { position: output.position, info, isTold: isTold(model, output) }];
    }),
  );
  const known = [...outputs.keys()];
  const partOf = partsOf(model);
  const runner = stepRunner(stepFunctions);
  const infos = Object.fromEntries([...outputs].map(([name, { info }]) => [name, info]));
  const check = answerCheck(where);
  const checkUntold: AnswerCheck = async (value, name, info, rows) => {
    if (outputs.get(name)?.isTold === false) await check(value, name, info, rows);
  };

  function valuesOf(batch: Batch, resolved: readonly ResolvedTap[], wanted: readonly Output[]): Tensor[] {
    const part = partOf(
      wanted.map(({ position }) => position),
      resolved,
    );
    const inputs = inputsOfModel(where, model, batch);
    const given = { taps: resolved, outputs: wanted.length > 0, training: false };
    const { outputs: values, taps } = forward(part.model, inputs, given);
    const wantedValues = part.positions.map((position, index) =>
      asDescribed(values[position] as Tensor, (wanted[index] as Output).info.shape),
    );
    return ownTensors([...taps, ...wantedValues], inputs);
  }

  return {
    describe: async ({ taps }) => ({
      outputs: infos,
      taps: taps
        .map((tap) => resolveTap(where, model, tap))
        .map(({ shape, activation }) => ({ shape: openRows(shape, size), activation })),
      fingerprint: await fingerprintOf(model, outputs),
      frozen: true,
      variables: namedWeights(model).map(({ variable }) => variable),
    }),
    predict: (batch, request): TeacherAnswer | Promise<TeacherAnswer> => {
      request.signal?.throwIfAborted();
      checkWanted(where, request.outputs, known);
      const wanted = request.outputs.map((name) => outputs.get(name) as Output);
      const resolved = request.taps.map((tap) => resolveTap(where, model, tap));
      const compute = (): Tensor[] =>
        tidy(() => {
          const divided = dividedInputs(where, batch, size);
          if (divided === undefined || size === undefined) return valuesOf(batch, resolved, wanted);
          const parts = divided.parts.map((inputs) => valuesOf({ ...batch, inputs }, resolved, wanted));
          return joinedValues(where, parts, divided.rows, size);
        });
      const key = JSON.stringify([request.outputs, resolved.map(({ key, at }) => [key, at])]);
      const values = inOneCall(runner, key, batch.inputs, [], compute);
      if (wanted.every(({ isTold }) => isTold)) return answerOf(values, request);
      return answered(values, request, infos, checkUntold, undefined);
    },
  };
}

interface Output {
  readonly position: number;
  readonly info: OutputInfo;
  readonly isTold: boolean;
}

async function fingerprintOf(model: LayersModel, outputs: ReadonlyMap<string, Output>): Promise<string> {
  const ofModel = await fingerprintOfModel(model);
  if (model.outputs.length === 1) return ofModel;
  return fingerprintOfTexts([
    ofModel,
    JSON.stringify([...outputs].map(([name, { position }]) => [name, position])),
  ]);
}

/** Whether the last activation reveals the convention; otherwise the first answer is checked. */
function isTold(model: LayersModel, { convention, position }: ModelOutput): boolean {
  const { scale, squashing } = conventions[convention];
  if (scale === 'values') return true;
  return lastActivation(model, position) === (scale === 'logits' ? 'linear' : squashing);
}

/** Throws `KD_MODEL_UNSUPPORTED` for a model whose answers depend on the batches before. */
function checkStateless(where: string, model: LayersModel): void {
  if (!(model as LayersModel & { readonly stateful: boolean }).stateful) return;
  throw new KdError({
    code: 'KD_MODEL_UNSUPPORTED',
    where,
    argument: 'model',
    expected: 'a model that answers each batch independently',
    received: 'recurrent layers with stateful: true, whose answers depend on the batches before',
    remedy:
      'Build the model with stateful: false, and copy the weights: copy.setWeights(model.getWeights()).',
  });
}
