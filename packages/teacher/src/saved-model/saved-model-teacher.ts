import { fn, KdError, list, optionsOf, text } from '@kd/core';
import type { Batch, OutputInfo, Shape, Tap, Teacher } from '@kd/core';
import { fixedRows, inFixedRows, openRows } from '@kd/model';
import { dispose, getBackend } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { nameOfTap } from '../choose-name.js';
import { failed } from '../failed.js';
import { namedInputs } from '../named-inputs.js';
import { answered } from '../outputs/answered.js';
import { answerCheck, rowsOf } from '../outputs/check-answer.js';
import { describeOutput } from '../outputs/described.js';
import { namesToHash, placeOutputs, wantedOutputs } from '../outputs/placed.js';
import { readStated, statedOutputs } from '../outputs/stated.js';
import type { StatedOutputs } from '../outputs/stated.js';
import { ownTensors } from '../own-tensors.js';
import { fingerprintOfDirectory } from './directory.js';
import { readSignature } from './signature.js';
import type { TfjsNode } from './tfjs-node.js';

/** Options of `savedModelTeacher`. */
export interface SavedModelTeacherOptions extends StatedOutputs {
  /** Name of the signature; default `serving_default`. */
  readonly signature?: string;
  /** Tags of the graph; default `['serve']`. */
  readonly tags?: readonly string[];
}

const savedModelTeacherOptions = optionsOf<SavedModelTeacherOptions>()({
  ...statedOutputs.fields,
  signature: text.default('serving_default'),
  tags: list(text).default(['serve']),
});

const where = 'savedModelTeacher';

/**
 * A teacher from a SavedModel of TensorFlow or Keras (`model.export`), run by tfjs-node.
 *
 * The teacher loads the model, so `dispose` frees it. A model with a fixed batch size gets any number of rows
 * in parts of this size, the last filled up by repeating rows; so each row must be answered independently of
 * the others, which cannot be checked.
 *
 * @param tf the module `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`; its backend must be the
 *   current one
 * @param path the directory of the SavedModel
 * @param options the convention of the output, or conventions by name, and the signature to use
 * @returns a `Teacher`; its taps are the outputs of the signature, by name
 * @throws rejects with `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`, `KD_BACKEND_UNAVAILABLE` on another backend,
 *   `KD_FILE_READ`, `KD_OUTPUT_UNKNOWN`, `KD_CLASSES_MISMATCH`, `KD_TENSOR_SHAPE`. `predict` rejects with
 *   `KD_INPUT_MISSING`, `KD_TENSOR_TYPE`, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TEACHER_OUTPUT`,
 *   `KD_TEACHER_FAILED`, with what `checkConvention` finds in the first answer, and with the reason of an
 *   aborted signal; it and `describe` reject with `KD_TAP_UNKNOWN` and `KD_TAP_UNSUPPORTED`
 *
 * @example
 * ```ts no-run
 * // There is no such directory here.
 * import { savedModelTeacher } from '@kd/teacher/saved-model';
 * import * as tf from '@tensorflow/tfjs-node';
 * const teacher = await savedModelTeacher(tf, 'exported/teacher', { convention: 'logits' });
 * console.log((await teacher.describe({ taps: [] })).outputs['output']?.shape);
 * // [ null, 10 ]
 * ```
 */
export async function savedModelTeacher(
  tf: TfjsNode,
  path: string,
  options: SavedModelTeacherOptions,
): Promise<Teacher> {
  checkModule(tf);
  text.read({ where, argument: 'path' }, path);
  const { tags, signature, ...settings } = savedModelTeacherOptions.read(where, options);
  const stated = readStated(where, settings);
  checkBackend();
  const { inputs, outputs } = await readSignature(where, tf, path, { tags, signature });
  const names = [...outputs.keys()];
  const placed = placeOutputs(where, stated, names);
  const size = fixedRows(inputs.map(({ shape }) => shape));
  const infos: Record<string, OutputInfo> = {};
  for (const output of placed) {
    const shape = outputs.get(output.own);
    infos[output.name] = describeOutput(where, output, shape && openRows(shape, size));
  }
  const fingerprint = await fingerprintOfDirectory(path, [...tags, signature, ...namesToHash(placed)]);
  const model = await tf.node.loadSavedModel(path, [...tags], signature);
  const check = answerCheck(where);
  let isLoaded = true;

  const namesOf = (taps: readonly Tap[]): string[] =>
    taps.map((tap) => nameOfTap(where, tap, names, 'an output of the signature'));

  function run(batch: Batch, wanted: readonly string[]): Tensor[] {
    if (wanted.length === 0) return [];
    const feeds = namedInputs(where, inputs, batch);
    const values = tried(() => model.predict(Object.fromEntries(feeds))) as Record<string, Tensor>;
    const own = ownTensors(
      wanted.map((name) => values[name] as Tensor),
      feeds.values(),
    );
    // TensorFlow always computes all outputs of the signature.
    dispose(Object.values(values).filter((value) => !own.includes(value)));
    return own;
  }

  return {
    describe: ({ taps }) =>
      Promise.resolve().then(() => ({
        outputs: infos,
        taps: namesOf(taps).map((name) => ({ shape: openRows(knownShape(name, outputs.get(name)), size) })),
        fingerprint,
        frozen: true,
      })),
    predict: async (batch, request) => {
      request.signal?.throwIfAborted();
      checkBackend();
      const wanted = wantedOutputs(where, request.outputs, placed);
      const own = [...namesOf(request.taps), ...wanted.map((output) => output.own)];
      const values = await inFixedRows(where, batch, size, (part) => run(part, own));
      return answered(values, request, infos, check, rowsOf(batch));
    },
    dispose: () => {
      if (isLoaded) model.dispose();
      isLoaded = false;
    },
  };
}

function checkModule(tf: TfjsNode): void {
  const { node }: { node?: { readonly loadSavedModel?: unknown } } = Object(tf) as object;
  fn().read({ where, argument: 'tf.node.loadSavedModel' }, node?.loadSavedModel);
}

/** Throws unless the current backend is TensorFlow, which alone can run a SavedModel. */
function checkBackend(): void {
  if (getBackend() === 'tensorflow') return;
  throw new KdError({
    code: 'KD_BACKEND_UNAVAILABLE',
    where,
    argument: 'the current backend',
    expected: '"tensorflow", which runs SavedModels',
    received: JSON.stringify(getBackend()),
    remedy:
      "Call setBackend('tensorflow') after importing tfjs-node, or convert the model for graphModelTeacher.",
  });
}

function tried<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw failed(where, 'the model', error, 'Compare the inputs of the batch with those of the signature.');
  }
}

function knownShape(name: string, shape: Shape | undefined): Shape {
  if (shape !== undefined) return shape;
  throw new KdError({
    code: 'KD_TAP_UNSUPPORTED',
    where,
    argument: `tap ${JSON.stringify(name)}`,
    expected: 'an output whose shape the signature states',
    received: 'an output of unknown rank',
    remedy: 'Export the model with shapes.',
  });
}
