import { dispose } from '@tensorflow/tfjs-core';
import { describeValue, KdError } from '@kd/core';
import type { Batch, Tap, Teacher, TeacherPrediction } from '@kd/core';
import { checkInputs, digestsOf } from './remembered-inputs.js';
import { knows, recall, remember } from './remembered-rows.js';
import type { RememberedRows } from './remembered-rows.js';
import { checkTeacher } from './teacher-like.js';

const where = 'cachedTeacher';

/** The teacher's answers so far. */
interface Memory {
  /** Outputs of each member; undefined before the first answer. */
  members: readonly (RememberedRows & { readonly weight: number })[] | undefined;
  readonly taps: Map<string, RememberedRows>;
  /** Digest of each example's input. */
  readonly inputs: Map<string, number>;
}

/**
 * Asks a teacher once about every example and then answers from memory.
 *
 * A frozen teacher gives the same answer for the same input in every epoch, so it need run only in the first
 * one. Answers are kept by `batch.ids`. An id must always identify the same input: do not augment, and do not
 * reuse ids across data sets. Every step compares a digest of each input, 32 bits of MurmurHash3. Memory: 4
 * bytes per class, example and member, and per element of each requested tap.
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
 * await teacher.predict(batch, { taps: [] });
 * model.setWeights(model.getWeights().map((weight) => ones(weight.shape))); // 1 more, if it were asked again
 * const { members } = await teacher.predict(batch, { taps: [] });
 * console.log((await members[0]?.output.data())?.[0]);
 * // 2
 * ```
 */
export function cachedTeacher(teacher: Teacher): Teacher {
  checkTeacher(where, 'teacher', teacher);
  const memory: Memory = { members: undefined, taps: new Map(), inputs: new Map() };
  return {
    describe: async (request) => {
      const description = await teacher.describe(request);
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
      const ids = idsOf(batch);
      const digests = await digestsOf(batch, ids);
      checkInputs(memory.inputs, ids, digests);
      const remembered = recallAll(memory, ids, request);
      if (remembered !== undefined) return remembered;
      const prediction = await teacher.predict(batch, request);
      try {
        // Checked again, because another batch may have been answered meanwhile.
        checkInputs(memory.inputs, ids, digests);
        for (const [row, id] of ids.entries()) memory.inputs.set(id, digests[row] as number);
        await rememberAll(memory, prediction, ids, request.taps);
      } catch (error) {
        dispose([...prediction.members.map(({ output }) => output), ...prediction.taps]);
        throw error;
      }
      return prediction;
    },
    dispose: () => {
      memory.members = undefined;
      memory.taps.clear();
      memory.inputs.clear();
      teacher.dispose?.();
    },
  };
}

function idsOf({ ids }: Batch): readonly string[] {
  if (ids !== undefined) return ids;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'batch.ids',
    expected: 'a list with an id for each example',
    received: describeValue(ids),
    remedy: 'Add ids to the data, one string per example, the same in every epoch.',
  });
}

/** The answer from memory, if memory holds all of it. */
function recallAll(
  memory: Memory,
  ids: readonly string[],
  { taps, outputs = true }: Parameters<Teacher['predict']>[1],
): TeacherPrediction | undefined {
  const members = outputs ? memory.members : [];
  const tapped = taps.map((tap) => memory.taps.get(keyOf(tap)));
  const known = [...(members ?? [undefined]), ...tapped].every(
    (rows) => rows !== undefined && knows(rows, ids),
  );
  if (!known || members === undefined) return undefined;
  return {
    members: members.map((rows) => ({ output: recall(rows, ids), weight: rows.weight })),
    taps: tapped.map((rows) => recall(rows as RememberedRows, ids)),
  };
}

async function rememberAll(
  memory: Memory,
  { members, taps }: TeacherPrediction,
  ids: readonly string[],
  request: readonly Tap[],
): Promise<void> {
  // A teacher may omit its outputs if only taps are requested, so an answer without them proves nothing.
  if (members.length > 0) {
    const known = memory.members;
    memory.members = await Promise.all(
      members.map(async ({ output, weight }, index) => ({
        ...(await remember(known?.[index], output, ids)),
        weight,
      })),
    );
  }
  await Promise.all(
    taps.map(async (answer, index) => {
      const key = keyOf(request[index] as Tap);
      memory.taps.set(key, await remember(memory.taps.get(key), answer, ids));
    }),
  );
}

/** A key that is the same for every way of writing a tap. */
function keyOf(tap: Tap): string {
  const { layer, node, at = 'output' } = typeof tap === 'string' ? { layer: tap } : tap;
  return JSON.stringify([layer, node, at]);
}
