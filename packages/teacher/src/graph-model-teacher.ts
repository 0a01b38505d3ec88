import { optionsOf, text } from '@kd/core';
import type { Shape, Tap, Teacher } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { answered } from './answered.js';
import { answerCheck, rowsOf } from './check-answer.js';
import { chooseOutput, nameOfTap } from './choose-name.js';
import { failed } from './failed.js';
import { fingerprintOfGraph } from './fingerprint.js';
import { graphInputs, nodesOf, runGraph, topologyOf } from './graph-model.js';
import type { GraphModelLike } from './graph-model.js';
import { shapesByRunning } from './graph-shapes.js';
import { namedInputs } from './named-inputs.js';
import { ownTensors } from './own-tensors.js';
import { checkStated, describeOutput, statedOutput } from './stated-output.js';
import type { StatedOutput } from './stated-output.js';

/** Options of `graphModelTeacher`. */
export interface GraphModelTeacherOptions extends StatedOutput {
  /** The output, by its name in the signature or by node name; required if the model has several. */
  readonly outputName?: string;
}

const graphModelTeacherOptions = optionsOf<GraphModelTeacherOptions>()({
  ...statedOutput.fields,
  outputName: text.optional(),
});

const where = 'graphModelTeacher';

/**
 * A teacher from a model of the TensorFlow converter (`loadGraphModel` of tfjs-converter).
 *
 * It runs inference only and leaves the weights unchanged. The model remains the caller's; no part of it is
 * disposed.
 *
 * @param model a `GraphModel`; tfjs-converter itself is not imported, so any copy of it works
 * @param options the convention of the output, and which output if there are several. Shapes are found by
 *   running the model on zeros, with one example and with two, unless `shape` states the output's
 * @returns a `Teacher`; its taps are nodes of the graph by name, `features` or `model/block_1/Relu`, and
 *   outputs
 * @throws `KD_MODEL_UNSUPPORTED`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`, `KD_CLASSES_MISMATCH`,
 *   `KD_OUTPUT_UNKNOWN`. `predict` rejects with `KD_INPUT_MISSING`, `KD_TENSOR_TYPE`, `KD_TENSOR_SHAPE`,
 *   `KD_TENSOR_DTYPE`, `KD_TEACHER_OUTPUT`, `KD_TEACHER_FAILED`, with what `checkConvention` finds in the
 *   first answer, and with the reason of an aborted signal; both reject with `KD_TAP_UNKNOWN` and
 *   `KD_TAP_UNSUPPORTED`
 *
 * @example
 * ```ts no-run
 * // The model is on a server.
 * import { graphModelTeacher } from '@kd/teacher';
 * import { loadGraphModel } from '@tensorflow/tfjs-converter';
 * const model = await loadGraphModel('https://example.org/teacher/model.json');
 * const teacher = graphModelTeacher(model, { convention: 'logits' });
 * console.log((await teacher.describe({ taps: [] })).output.shape);
 * // [ null, 10 ]
 * ```
 */
export function graphModelTeacher(model: GraphModelLike, options: GraphModelTeacherOptions): Teacher {
  const { outputName, ...stated } = graphModelTeacherOptions.read(where, options);
  checkStated(where, stated);
  const topology = topologyOf(where, model);
  const outputNode = chooseOutput(where, outputName, model.outputNodes);
  const nodes = nodesOf(model, topology);
  const inputs = graphInputs(model);
  const check = answerCheck(where);
  const known = new Map<string, Shape>();

  async function run(feeds: ReadonlyMap<string, Tensor>, wanted: readonly string[]): Promise<Tensor[]> {
    // A node requested twice is computed once and copied by `ownTensors`.
    const distinct = [...new Set(wanted)];
    if (distinct.length === 0) return [];
    const values = await runGraph(model, feeds, distinct).catch((error: unknown) => {
      throw failed(where, 'model', error, 'See the cause of this error, and check the inputs of this batch.');
    });
    const byName = new Map(distinct.map((name, index) => [name, values[index] as Tensor]));
    const owned = [...feeds.values(), ...Object.values(model.weights).flat()];
    return ownTensors(wanted.map((name) => byName.get(name) as Tensor), owned); // prettier-ignore
  }

  async function shapesOf(wanted: readonly string[]): Promise<Shape[]> {
    const unknown = [...new Set(wanted)].filter((name) => !known.has(name));
    if (unknown.length > 0) {
      const found = await shapesByRunning(where, inputs, unknown, (feeds) => run(feeds, unknown));
      unknown.forEach((name, index) => known.set(name, found[index] as Shape));
    }
    return wanted.map((name) => known.get(name) as Shape);
  }

  const namesOf = (taps: readonly Tap[]): string[] =>
    taps.map((tap) => nameOfTap(where, tap, nodes, 'a node of the graph'));
  const describeOwnOutput = async (): Promise<ReturnType<typeof describeOutput>> =>
    describeOutput(where, stated, stated.shape ?? (await shapesOf([outputNode]))[0]);

  return {
    describe: async ({ taps }) => ({
      output: await describeOwnOutput(),
      taps: await shapesOf(namesOf(taps)),
      fingerprint: await fingerprintOfGraph(topology, model.weights, [outputNode]),
      frozen: true,
    }),
    predict: async (batch, { taps, outputs = true, signal }) => {
      signal?.throwIfAborted();
      const feeds = namedInputs(where, inputs, batch);
      const described = await describeOwnOutput();
      const names = [...namesOf(taps), ...(outputs ? [outputNode] : [])];
      const values = await run(feeds, names);
      return answered(values, taps.length, signal, (output) => check(output, described, rowsOf(batch)));
    },
  };
}
