import { stepFunctions, stepRunner } from '@kd/core';
import type { OutputInfo, Shape, Tap, Teacher } from '@kd/core';
import { fixedRows, inFixedRows, openRows } from '@kd/model';
import type { Tensor } from '@tensorflow/tfjs-core';
import { nameOfTap } from './choose-name.js';
import { failed } from './failed.js';
import { fingerprintOfGraph } from './fingerprint.js';
import { graphInputs, nodesOf, runGraph, topologyOf } from './graph-model.js';
import type { GraphModelLike } from './graph-model.js';
import { shapesByRunning } from './graph-shapes.js';
import { namedInputs } from './named-inputs.js';
import { answered } from './outputs/answered.js';
import { answerCheck, rowsOf } from './outputs/check-answer.js';
import { describeOutput } from './outputs/described.js';
import { namesToHash, placeOutputs, wantedOutputs } from './outputs/placed.js';
import type { PlacedOutput } from './outputs/placed.js';
import { readStated, statedOutputs } from './outputs/stated.js';
import type { StatedOutputs } from './outputs/stated.js';
import { ownTensors } from './own-tensors.js';

/** Options of `graphModelTeacher`. */
export type GraphModelTeacherOptions = StatedOutputs;

const where = 'graphModelTeacher';

/**
 * A teacher from a model of the TensorFlow converter (`loadGraphModel` of tfjs-converter).
 *
 * It runs inference only, computes only the wanted outputs and taps, and leaves the weights unchanged. The
 * model remains the caller's; no part of it is disposed. A model with a fixed batch size gets any number of
 * rows in parts of this size, the last filled up by repeating rows; so each row must be answered
 * independently of the others, which cannot be checked.
 *
 * @param model a `GraphModel`; tfjs-converter itself is not imported, so any copy of it works
 * @param options the convention of the output, or conventions by name; `from` is a name in the signature or
 *   of a node. Shapes are found by running the model on zeros, with one example and with two, unless `shape`
 *   states the output's
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
 * console.log((await teacher.describe({ taps: [] })).outputs['output']?.shape);
 * // [ null, 10 ]
 * ```
 */
export function graphModelTeacher(model: GraphModelLike, options: GraphModelTeacherOptions): Teacher {
  const stated = readStated(where, statedOutputs.read(where, options));
  const topology = topologyOf(where, model);
  const placed = placeOutputs(where, stated, model.outputNodes);
  const nodes = nodesOf(model, topology);
  const inputs = graphInputs(model);
  const size = fixedRows(inputs.map(({ shape }) => shape));
  const check = answerCheck(where);
  const known = new Map<string, Shape>();
  const runner = stepRunner(stepFunctions);

  async function run(feeds: ReadonlyMap<string, Tensor>, wanted: readonly string[]): Promise<Tensor[]> {
    // A node requested twice is computed once and copied by `ownTensors`.
    const distinct = [...new Set(wanted)];
    if (distinct.length === 0) return [];
    const values = await runGraph(model, runner, feeds, distinct).catch((error: unknown) => {
      throw failed(where, 'model', error, 'See the cause of this error, and check the inputs of this batch.');
    });
    const byName = new Map(distinct.map((name, index) => [name, values[index] as Tensor]));
    const owned = [...feeds.values(), ...Object.values(model.weights).flat()];
    return ownTensors(
      wanted.map((name) => byName.get(name) as Tensor),
      owned,
    );
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
  const infoOf = async (output: PlacedOutput): Promise<OutputInfo> => {
    const [shape] = output.shape === undefined ? await shapesOf([output.own]) : [output.shape];
    return describeOutput(where, output, shape && openRows(shape, size));
  };
  const infosOf = async (outputs: readonly PlacedOutput[]): Promise<Record<string, OutputInfo>> => {
    const infos: Record<string, OutputInfo> = {};
    for (const output of outputs) infos[output.name] = await infoOf(output);
    return infos;
  };

  return {
    describe: async ({ taps }) => ({
      outputs: await infosOf(placed),
      taps: (await shapesOf(namesOf(taps))).map((shape) => ({ shape: openRows(shape, size) })),
      fingerprint: await fingerprintOfGraph(topology, model.weights, namesToHash(placed)),
      frozen: true,
    }),
    predict: async (batch, request) => {
      request.signal?.throwIfAborted();
      const wanted = wantedOutputs(where, request.outputs, placed);
      const taps = namesOf(request.taps);
      const names = [...taps, ...wanted.map(({ own }) => own)];
      const infos = await infosOf(wanted);
      const values = await inFixedRows(where, batch, size, (part) =>
        run(namedInputs(where, inputs, part), names),
      );
      return answered(values, request, infos, check, rowsOf(batch));
    },
  };
}
