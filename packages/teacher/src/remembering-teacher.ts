import { dispose, tensor } from '@tensorflow/tfjs-core';
import { checkFunction, describeTap, describeValue, KdError } from '@kd/core';
import type { Batch, Tap, Teacher, TeacherPrediction } from '@kd/core';

const where = 'rememberingTeacher';

/** One member's answers by the id of the example. */
interface MemberMemory {
  readonly weight: number;
  /** Shape of the answer to one example. */
  readonly rowShape: readonly number[];
  readonly rows: Map<string, Float32Array>;
}

/**
 * A teacher that is asked once for every example and answers from memory from then on.
 *
 * A frozen teacher says the same of the same input in every epoch, so a training of many epochs needs its forward in the first one only.
 * Answers are kept by `batch.ids`: an id must always stand for the same input, so no augmentation. Memory: 4 bytes for each class,
 * example and member.
 *
 * @param teacher a frozen teacher
 * @returns a `Teacher` without taps; `dispose` forgets the answers and disposes the teacher
 * @throws `KD_OPTION_TYPE` unless `teacher` is a teacher; `describe` rejects with `KD_TEACHER_OUTPUT` for a teacher that is not frozen and
 *   with `KD_TAP_UNSUPPORTED` for taps, `predict` with `KD_TERM_NEEDS` for a batch without ids
 *
 * @example
 * ```ts
 * import { layersTeacher, rememberingTeacher } from '@kd/teacher';
 * import { ones, zeros } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' })] });
 * const teacher = rememberingTeacher(layersTeacher(model, { output: 'sigmoid-logits' }));
 * const first = await teacher.predict({ inputs: { x: ones([1, 2]) }, ids: ['a'] }, { taps: [] });
 * const again = await teacher.predict({ inputs: { x: zeros([1, 2]) }, ids: ['a'] }, { taps: [] });
 * console.log((await first.members[0]?.output.data())?.[0], (await again.members[0]?.output.data())?.[0]);
 * // 2 2
 * ```
 */
export function rememberingTeacher(teacher: Teacher): Teacher {
  const { describe, predict }: { describe?: unknown; predict?: unknown } = Object(teacher) as object;
  checkFunction(where, 'teacher.describe', describe);
  checkFunction(where, 'teacher.predict', predict);
  let memory: readonly MemberMemory[] | undefined;
  return {
    describe: async (request) => {
      checkNoTaps(request.taps);
      const description = await teacher.describe(request);
      if (description.frozen) return description;
      throw new KdError({
        code: 'KD_TEACHER_OUTPUT',
        where,
        argument: 'teacher',
        expected: 'frozen',
        received: 'a teacher whose answers change',
        remedy: 'Ask such a teacher anew in every step.',
      });
    },
    predict: async (batch, request) => {
      checkNoTaps(request.taps);
      const ids = idsOf(batch);
      const known = memory?.every(({ rows }) => ids.every((id) => rows.has(id)));
      if (memory !== undefined && known === true) return recall(memory, ids);
      const prediction = await teacher.predict(batch, request);
      try {
        memory = await remember(memory, prediction, ids);
      } catch (error) {
        dispose(prediction.members.map(({ output }) => output));
        throw error;
      }
      return prediction;
    },
    dispose: () => {
      memory = undefined;
      teacher.dispose?.();
    },
  };
}

function checkNoTaps(taps: readonly Tap[]): void {
  const [tap] = taps;
  if (tap === undefined) return;
  throw new KdError({
    code: 'KD_TAP_UNSUPPORTED',
    where,
    argument: 'taps',
    expected: 'none, as only outputs are remembered',
    received: describeTap(tap),
    remedy: 'Use the teacher itself in recipes with taps.',
  });
}

function idsOf({ ids }: Batch): readonly string[] {
  if (ids !== undefined) return ids;
  throw new KdError({
    code: 'KD_TERM_NEEDS',
    where,
    argument: 'batch.ids',
    expected: 'an id for each example',
    received: describeValue(ids),
    remedy: 'Add ids to the data: one string for each example, the same in every epoch.',
  });
}

async function remember(
  memory: readonly MemberMemory[] | undefined,
  { members }: TeacherPrediction,
  ids: readonly string[],
): Promise<readonly MemberMemory[]> {
  const into =
    memory ??
    members.map(({ output, weight }) => ({
      weight,
      rowShape: output.shape.slice(1),
      rows: new Map<string, Float32Array>(),
    }));
  const values = await Promise.all(members.map(({ output }) => output.data()));
  into.forEach(({ rows }, member) => {
    const all = values[member] as Float32Array;
    const width = all.length / ids.length;
    ids.forEach((id, row) => rows.set(id, all.slice(row * width, (row + 1) * width)));
  });
  return into;
}

function recall(memory: readonly MemberMemory[], ids: readonly string[]): TeacherPrediction {
  const members = memory.map(({ weight, rowShape, rows }) => {
    const width = rowShape.reduce((product, size) => product * size, 1);
    const values = new Float32Array(ids.length * width);
    ids.forEach((id, row) => {
      values.set(rows.get(id) as Float32Array, row * width);
    });
    return { output: tensor(values, [ids.length, ...rowShape]), weight };
  });
  return { members, taps: [] };
}
