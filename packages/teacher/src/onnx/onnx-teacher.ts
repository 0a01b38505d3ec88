import { boolean, fn, KdError, like, optionsOf, text } from '@kd/core';
import type { Batch, OutputInfo, Settings, Shape, Tap, Teacher } from '@kd/core';
import { fixedRows, inFixedRows, openRows } from '@kd/model';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { nameOfTap } from '../choose-name.js';
import { failed } from '../failed.js';
import { fingerprintOfTexts } from '../fingerprint.js';
import { namedInputs } from '../named-inputs.js';
import { answered } from '../outputs/answered.js';
import { answerCheck, rowsOf } from '../outputs/check-answer.js';
import { describeOutput } from '../outputs/described.js';
import { namesToHash, placeOutputs, wantedOutputs } from '../outputs/placed.js';
import { readStated, statedOutputs } from '../outputs/stated.js';
import type { StatedOutput, StatedOutputs } from '../outputs/stated.js';
import { dtypesFor, feedOf } from './feed.js';
import { checkFetchable, metadataOf, noTensor, shapeOf, tensorOf } from './fetched.js';
import { checkMaskInput, withMask } from './masked-inputs.js';
import { oneAtATime } from './one-at-a-time.js';
import { openSession } from './open-session.js';
import type { OpenSession } from './open-session.js';
import type { OnnxRuntime, OnnxSession } from './runtime.js';

/** Options of `onnxTeacher`. */
export interface OnnxTeacherOptions extends StatedOutputs {
  /**
   * A text that changes whenever the model does; required with an open session. Default: SHA-256 of the
   * model's bytes.
   */
  readonly fingerprint?: string;
  /** Whether to round float64 to float32, which has 7 digits; default false: float64 is an error. */
  readonly roundFloat64?: boolean;
  /**
   * The name of the input that gets the mask of the batch, as the `attention_mask` of language models; ones
   * for a batch without a mask. An input of this name in the batch is used instead.
   */
  readonly mask?: string;
  /** Options for `InferenceSession.create`: execution providers, threads. */
  readonly sessionOptions?: object;
}

const onnxTeacherOptions = optionsOf<OnnxTeacherOptions>()({
  ...statedOutputs.fields,
  fingerprint: text.optional(),
  roundFloat64: boolean.default(false),
  mask: text.optional(),
  sessionOptions: like('an object', (x): x is object => typeof x === 'object' && x !== null).optional(),
});

const where = 'onnxTeacher';

/**
 * A teacher from an ONNX model, exported by PyTorch, scikit-learn or any other library.
 *
 * onnxruntime runs it on its device and computes only the wanted outputs and taps; inputs and outputs pass
 * through JavaScript's memory. Inputs are float32, int32 or bool, and are converted to the type that the
 * model expects (float32, float64, int32, int64, uint8 or bool) if each number stays the same. A session that
 * you pass remains yours; `dispose` releases one that was opened here. A model with a fixed batch size gets
 * any number of rows in parts of this size, the last filled up by repeating rows; so each row must be
 * answered independently of the others, which cannot be checked.
 *
 * @param runtime the module `onnxruntime-node` or `onnxruntime-web`, version 1.20 or later; from 1.21 it
 *   reports shapes
 * @param model a session, or the bytes, path (under Node) or URL of a model
 * @param options the convention of the output, or conventions by name
 * @returns a `Teacher`; its taps are the outputs of the model, by name, in the model's layout
 * @throws rejects with `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`, `KD_MODEL_UNSUPPORTED`, `KD_FILE_READ`,
 *   `KD_INPUT_MISSING` for a `mask` that is no input, `KD_OUTPUT_UNKNOWN`, `KD_CLASSES_MISMATCH`,
 *   `KD_TENSOR_SHAPE` for a `shape` that the output does not have, and `KD_OUTPUT_UNSUPPORTED` for an output
 *   that is not a float32 tensor. `predict` rejects with `KD_INPUT_MISSING`, `KD_TENSOR_TYPE`,
 *   `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TEACHER_OUTPUT`, `KD_TEACHER_FAILED`, with what
 *   `checkConvention` finds in the first answer, and with the reason of an aborted signal; it and `describe`
 *   reject with `KD_TAP_UNKNOWN` and `KD_TAP_UNSUPPORTED`
 *
 * @example
 * ```ts no-run
 * // There is no such file here.
 * import { onnxTeacher } from '@kd/teacher/onnx';
 * import * as ort from 'onnxruntime-node';
 * const teacher = await onnxTeacher(ort, 'teacher.onnx', { convention: 'logits' });
 * console.log((await teacher.describe({ taps: [] })).outputs['output']?.shape);
 * // [ null, 10 ]
 * ```
 */
export async function onnxTeacher(
  runtime: OnnxRuntime,
  model: OnnxSession | Uint8Array | string,
  options: OnnxTeacherOptions,
): Promise<Teacher> {
  checkRuntime(runtime);
  const settings = onnxTeacherOptions.read(where, options);
  const stated = readStated(where, settings);
  const opened = await openSession(where, runtime, model, settings);
  try {
    return teacherOf(runtime, stated, settings, opened);
  } catch (error) {
    if (opened.isOwn) await opened.session.release?.();
    throw error;
  }
}

function checkRuntime(runtime: OnnxRuntime): void {
  const { Tensor, InferenceSession }: { Tensor?: unknown; InferenceSession?: { readonly create?: unknown } } =
    Object(runtime) as object;
  fn().read({ where, argument: 'runtime.Tensor' }, Tensor);
  fn().read({ where, argument: 'runtime.InferenceSession.create' }, InferenceSession?.create);
}

function teacherOf(
  runtime: OnnxRuntime,
  stated: readonly StatedOutput[],
  options: Settings<typeof onnxTeacherOptions.fields>,
  { session, fingerprint, isOwn }: OpenSession,
): Teacher {
  const inputs = session.inputNames.map((name) => {
    const known = metadataOf(session.inputMetadata, name);
    return { name, type: known?.type, shape: shapeOf(known), dtypes: dtypesFor(known?.type) };
  });
  const size = fixedRows(inputs.map(({ shape }) => shape));
  checkMaskInput(where, options.mask, session.inputNames);
  const placed = placeOutputs(where, stated, session.outputNames);
  const infos: Record<string, OutputInfo> = {};
  for (const output of placed) {
    checkFetchable(where, session, output.own, options);
    const shape = shapeOf(metadataOf(session.outputMetadata, output.own));
    infos[output.name] = describeOutput(where, output, shape && openRows(shape, size));
  }
  const masked = options.mask === undefined ? [] : [`mask in ${options.mask}`];
  const check = answerCheck(where);
  const inTurn = oneAtATime();

  function namesOf(taps: readonly Tap[]): string[] {
    const names = taps.map((tap) => nameOfTap(where, tap, session.outputNames, 'an output of the model'));
    for (const name of names) checkFetchable(where, session, name, options);
    return names;
  }

  async function run(batch: Batch, names: readonly string[]): Promise<Tensor[]> {
    const given = namedInputs(where, inputs, batch);
    const feeds = await Promise.all(
      inputs.map(async ({ name, type }) => {
        return [name, await feedOf(where, runtime, name, given.get(name) as Tensor, type)] as const;
      }),
    );
    const distinct = [...new Set(names)];
    if (distinct.length === 0) return [];
    // A session of onnxruntime-web refuses a second run while one is in progress.
    const values = await inTurn(() => session.run(Object.fromEntries(feeds) as never, distinct)).catch(
      (error: unknown) => {
        if (/non.?tensor/i.test(String(error))) throw noTensor(where, distinct.join(', '), error);
        throw failed(where, 'the model', error, 'Compare the inputs of the batch with those of the model.');
      },
    );
    const read: Tensor[] = [];
    try {
      for (const name of names) read.push(await tensorOf(where, name, values[name], options));
    } catch (error) {
      dispose(read);
      throw error;
    } finally {
      for (const name of distinct) values[name]?.dispose?.();
    }
    return read;
  }

  return {
    describe: ({ taps }) =>
      Promise.resolve().then(() => ({
        outputs: infos,
        taps: namesOf(taps).map((name) => ({ shape: openRows(knownShape(session, name), size) })),
        fingerprint: fingerprintOfTexts([fingerprint, ...namesToHash(placed), ...masked]),
        frozen: true,
      })),
    predict: async (batch, request) => {
      request.signal?.throwIfAborted();
      const wanted = wantedOutputs(where, request.outputs, placed);
      const names = [...namesOf(request.taps), ...wanted.map(({ own }) => own)];
      const values = await withMask(batch, options.mask, session.inputNames, (all) =>
        inFixedRows(where, all, size, (part) => run(part, names)),
      );
      return answered(values, request, infos, check, rowsOf(batch));
    },
    ...(isOwn ? { dispose: () => void session.release?.() } : {}),
  };
}

function knownShape(session: OnnxSession, name: string): Shape {
  const shape = shapeOf(metadataOf(session.outputMetadata, name));
  if (shape !== undefined) return shape;
  throw new KdError({
    code: 'KD_TAP_UNSUPPORTED',
    where,
    argument: `tap ${JSON.stringify(name)}`,
    expected: 'an output whose shape the session reports',
    received: 'a session without outputMetadata',
    remedy: 'Use onnxruntime 1.21 or later.',
  });
}
