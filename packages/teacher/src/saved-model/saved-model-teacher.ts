import { fn, KdError, list, optionsOf, text } from '@kd/core';
import type { Batch, Shape, Tap, Teacher } from '@kd/core';
import { dispose, getBackend } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { answered } from '../answered.js';
import { answerCheck, rowsOf } from '../check-answer.js';
import { chooseOutput, nameOfTap } from '../choose-name.js';
import { failed } from '../failed.js';
import { namedInputs } from '../named-inputs.js';
import { ownTensors } from '../own-tensors.js';
import { checkStated, describeOutput, statedOutput } from '../stated-output.js';
import type { StatedOutput } from '../stated-output.js';
import { fingerprintOfDirectory } from './directory.js';
import { readSignature } from './signature.js';
import type { TfjsNode } from './tfjs-node.js';

/** Options of `savedModelTeacher`. */
export interface SavedModelTeacherOptions extends StatedOutput {
  /** The output of the signature; required if it has several. */
  readonly outputName?: string;
  /** Name of the signature; default `serving_default`. */
  readonly signature?: string;
  /** Tags of the graph; default `['serve']`. */
  readonly tags?: readonly string[];
}

const savedModelTeacherOptions = optionsOf<SavedModelTeacherOptions>()({
  ...statedOutput.fields,
  outputName: text.optional(),
  signature: text.default('serving_default'),
  tags: list(text).default(['serve']),
});

const where = 'savedModelTeacher';

/**
 * A teacher from a SavedModel of TensorFlow or Keras (`model.export`), run by tfjs-node.
 *
 * The teacher loads the model, so `dispose` frees it.
 *
 * @param tf the module `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`; its backend must be the
 *   current one
 * @param path the directory of the SavedModel
 * @param options the convention of the output, and the output and signature to use
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
 * console.log((await teacher.describe({ taps: [] })).output.shape);
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
  const { tags, signature, outputName, ...stated } = savedModelTeacherOptions.read(where, options);
  checkStated(where, stated);
  checkBackend();
  const { inputs, outputs } = await readSignature(where, tf, path, { tags, signature });
  const names = [...outputs.keys()];
  const output = chooseOutput(where, outputName, names);
  const described = describeOutput(where, stated, outputs.get(output));
  const fingerprint = await fingerprintOfDirectory(path, [...tags, signature, output]);
  const model = await tf.node.loadSavedModel(path, [...tags], signature);
  const check = answerCheck(where);
  let isLoaded = true;

  const namesOf = (taps: readonly Tap[]): string[] =>
    taps.map((tap) => nameOfTap(where, tap, names, 'an output of the signature'));

  function run(batch: Batch, wanted: readonly string[]): Tensor[] {
    const feeds = namedInputs(where, inputs, batch);
    const values = tried(() => model.predict(Object.fromEntries(feeds))) as Record<string, Tensor>;
    const own = ownTensors(wanted.map((name) => values[name] as Tensor), feeds.values()); // prettier-ignore
    // TensorFlow always computes all outputs of the signature.
    dispose(Object.values(values).filter((value) => !own.includes(value)));
    return own;
  }

  return {
    describe: ({ taps }) =>
      Promise.resolve().then(() => ({
        output: described,
        taps: namesOf(taps).map((name) => knownShape(name, outputs.get(name))),
        fingerprint,
        frozen: true,
      })),
    predict: async (batch, { taps, outputs: wantsOutputs = true, signal }) => {
      signal?.throwIfAborted();
      checkBackend();
      const wanted = [...namesOf(taps), ...(wantsOutputs ? [output] : [])];
      const values = wanted.length === 0 ? [] : run(batch, wanted);
      return answered(values, taps.length, signal, (value) => check(value, described, rowsOf(batch)));
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
