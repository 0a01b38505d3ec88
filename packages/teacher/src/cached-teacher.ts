import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { askTeacher, describeTeacher, KdError, tensorsOfAnswer } from '@kd/core';
import type { Tap, Teacher, TeacherAnswer, TeacherRequest } from '@kd/core';
import { idsOf } from './ids-of-batch.js';
import { checkInputs, digestsOf } from './remembered-inputs.js';
import { partWith, recall, remember } from './remembered-rows.js';
import type { RememberedRows, RememberedShapes } from './remembered-rows.js';
import { checkTeacher } from './teacher-like.js';

const where = 'cachedTeacher';

/** The teacher's answers so far. */
interface Memory {
  /** Outputs of each member by name; empty before the first answer. */
  members: readonly { readonly outputs: Map<string, RememberedShapes>; readonly weight: number }[];
  readonly taps: Map<string, RememberedShapes>;
  /** Digest of each example's input. */
  readonly inputs: Map<string, number>;
}

/**
 * Asks a teacher once about every example and then answers from memory.
 *
 * A frozen teacher gives the same answer for the same input in every epoch, so it need run only in the first
 * one. Answers are kept by `batch.ids`. An id must always identify the same input: do not augment, and do not
 * reuse ids across data sets. Every step compares a digest of each input, 32 bits of MurmurHash3. Memory: 4
 * bytes per number of each requested output, example and member, and per element of each requested tap.
 *
 * @param teacher a frozen teacher
 * @returns a `Teacher`; `dispose` drops the answers and disposes the teacher
 * @throws `KD_OPTION_TYPE` unless `teacher` is a teacher; `describe` rejects with `KD_TEACHER_OUTPUT` for a
 *   teacher that is not frozen, `predict` with `KD_TERM_NEEDS` for a batch without ids, `KD_DATA_LENGTH`
 *   unless each row has an id, `KD_ID_INPUT` for an id that had another input before
 *
 * @example
 * ```ts
 * import { layersTeacher, cachedTeacher } from '@kd/teacher';
 * import { ones } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] });
 * const teacher = cachedTeacher(layersTeacher(model, { convention: 'sigmoid-logits' }));
 * const batch = { inputs: { x: ones([1, 2]) }, ids: ['a'] };
 * const request = { outputs: ['output'], taps: [] };
 * await teacher.predict(batch, request);
 * model.setWeights(model.getWeights().map((weight) => ones(weight.shape))); // 1 more, if it were asked again
 * const { members } = await teacher.predict(batch, request);
 * console.log((await members[0]?.outputs['output']?.data())?.[0]);
 * // 2
 * ```
 */
export function cachedTeacher(teacher: Teacher): Teacher {
  checkTeacher(where, 'teacher', teacher);
  const memory: Memory = { members: [], taps: new Map(), inputs: new Map() };
  return {
    describe: async (request) => {
      const description = await describeTeacher(teacher, request);
      if (description.frozen) return description;
      throw new KdError({
        code: 'KD_TEACHER_OUTPUT',
        where,
        argument: 'teacher',
        expected: 'frozen',
        received: 'a teacher that is not frozen',
        remedy: 'Use a teacher whose answers change directly, without a cache.',
      });
    },
    predict: async (batch, request) => {
      const ids = idsOf(where, batch);
      const digests = await digestsOf(batch, ids);
      checkInputs(memory.inputs, ids, digests);
      const remembered = recallAll(memory, ids, request);
      if (remembered !== undefined) return remembered;
      const prediction = await askTeacher(teacher, batch, request);
      try {
        // Checked again, because another batch may have been answered meanwhile.
        checkInputs(memory.inputs, ids, digests);
        for (const [row, id] of ids.entries()) memory.inputs.set(id, digests[row] as number);
        await rememberAll(memory, prediction, ids, request);
      } catch (error) {
        dispose(tensorsOfAnswer(prediction));
        throw error;
      }
      return prediction;
    },
    dispose: () => {
      memory.members = [];
      memory.taps.clear();
      memory.inputs.clear();
      teacher.dispose?.();
    },
  };
}

/** The answer from memory, if memory holds all of it. */
function recallAll(
  memory: Memory,
  ids: readonly string[],
  { taps, outputs }: TeacherRequest,
): TeacherAnswer | undefined {
  if (outputs.length > 0 && memory.members.length === 0) return undefined;
  const members = outputs.length === 0 ? [] : memory.members;
  const named = members.map((member) => outputs.map((name) => partWith(member.outputs.get(name), ids)));
  const tapped = taps.map((tap) => partWith(memory.taps.get(keyOf(tap)), ids));
  const isKnown = [...named.flat(), ...tapped].every((rows) => rows !== undefined);
  if (!isKnown) return undefined;
  const recalled = (rows: RememberedRows | undefined): Tensor => recall(rows as RememberedRows, ids);
  return {
    members: members.map(({ weight }, index) => ({
      outputs: Object.fromEntries(outputs.map((name, which) => [name, recalled(named[index]?.[which])])),
      weight,
    })),
    taps: tapped.map(recalled),
  };
}

async function rememberAll(
  memory: Memory,
  { members, taps }: TeacherAnswer,
  ids: readonly string[],
  request: TeacherRequest,
): Promise<void> {
  // A teacher may omit its members if only taps are requested.
  if (members.length > 0 && memory.members.length === 0)
    memory.members = members.map(({ weight }) => ({ outputs: new Map(), weight }));
  await Promise.all([
    ...members.flatMap(({ outputs }, index) => {
      const { outputs: known } = memory.members[index] as Memory['members'][number];
      return Object.entries(outputs).map(([name, answer]) => remember(known, name, answer, ids));
    }),
    ...taps.map((answer, index) => remember(memory.taps, keyOf(request.taps[index] as Tap), answer, ids)),
  ]);
}

/** A key that is the same for every way of writing a tap. */
function keyOf(tap: Tap): string {
  const { layer, node, at = 'output' } = typeof tap === 'string' ? { layer: tap } : tap;
  return JSON.stringify([layer, node, at]);
}
