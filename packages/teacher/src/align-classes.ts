import { conventions, KdError, optionsOf } from '@kd/core';
import type { OutputDescription, Teacher, TeacherMember } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import { alignedOutput, checkRemainder } from './aligned-output.js';
import { checkMap, classGroups, classMap, studentClasses } from './class-groups.js';
import type { ClassGroups, ClassMap } from './class-groups.js';
import { fingerprintOfTexts } from './fingerprint.js';
import { checkTeacher } from './teacher-like.js';

/** Options of `alignClasses`. */
export interface AlignClassesOptions {
  /** The student's classes, in the order of its outputs. */
  readonly classes: readonly string[];
  /** The teacher's class of a class of the student, where the names differ, or its classes, where several are one to the student. */
  readonly map?: ClassMap;
}

const alignClassesOptions = optionsOf<AlignClassesOptions>()({
  classes: studentClasses,
  map: classMap.optional(),
});

const where = 'alignClasses';

/**
 * A teacher whose outputs are in the order of the student's classes: of a part of its own, in another order, or merged.
 *
 * - Order and part: the logits of the student's classes alone. The softmax over them is the teacher's belief given that it is one of them,
 *   at every temperature. Probabilities are divided by their sum.
 * - Merged: probabilities are added, and logits are `u = log Σ_c exp v_c`, the logit of the sum. Both before any temperature: the student
 *   then learns from softmax(u / T), which is another number than `Σ_c softmax(v / T)_c`, the sum of softened probabilities. That sum
 *   tends to the size of a group as T grows, whatever the teacher thinks.
 * - Sigmoid outputs are independent: they are put in order, and not merged, as nothing is known of how they go together.
 *
 * @param teacher one that describes its classes
 * @param options the student's classes, and which of the teacher's they are; default: those of the same name
 * @returns a `Teacher` with the student's classes; taps are passed through
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`, `KD_CLASSES_MISMATCH` for classes or a map that name one twice. `describe` and `predict` reject
 *   with `KD_CLASSES_MISMATCH`, with both lists, for classes that the teacher does not have, and with `KD_TEACHER_CONVENTION` for a merger of sigmoid outputs;
 *   `predict` with `KD_PROBABILITY_RANGE` for an example whose probabilities are zero for all of the student's classes
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { alignClasses, arraysTeacher } from '@kd/teacher';
 * const answers = new Map([['a', [0.5, 0.1, 0.2, 0.2]]]);
 * const classes = ['cat', 'car', 'poodle', 'pug'];
 * const teacher = alignClasses(arraysTeacher(answers, { convention: 'probabilities', classes }), {
 *   classes: ['dog', 'cat'],
 *   map: { dog: ['poodle', 'pug'] },
 * });
 * const { members } = await teacher.predict({ inputs: {}, ids: ['a'] }, { taps: [] });
 * const [dog = 0, cat = 0] = (await members[0]?.output.data()) ?? [];
 * console.log(dog.toFixed(3), cat.toFixed(3));
 * // 0.444 0.556
 * ```
 */
export function alignClasses(teacher: Teacher, options: AlignClassesOptions): Teacher {
  checkTeacher(where, 'teacher', teacher);
  const { classes, map } = alignClassesOptions.read(where, options);
  checkMap(where, classes, map);
  let known: { output: OutputDescription; groups: ClassGroups } | undefined;

  function read(output: OutputDescription): { output: OutputDescription; groups: ClassGroups } {
    const groups = classGroups(where, output.classes, classes, map);
    if (conventions[output.convention].family !== 'classes' && groups.some(({ length }) => length > 1))
      throw noMerger(output);
    known = { output, groups };
    return known;
  }

  return {
    describe: async (request) => {
      const description = await teacher.describe(request);
      const { output, groups } = read(description.output);
      return {
        ...description,
        output: { ...output, classes, shape: [...output.shape.slice(0, -1), classes.length] },
        fingerprint: fingerprintOfTexts([where, JSON.stringify([classes, groups]), description.fingerprint]),
      };
    },
    predict: async (batch, request) => {
      const { output, groups } = known ?? read((await teacher.describe({ taps: [] })).output);
      const { family, isLogits } = conventions[output.convention];
      const answer = await teacher.predict(batch, request);
      const aligned: TeacherMember[] = [];
      try {
        for (const member of answer.members) {
          if (family === 'classes' && !isLogits) await checkRemainder(where, member.output, groups);
          aligned.push({
            output: alignedOutput(member.output, groups, output.convention),
            weight: member.weight,
          });
        }
      } catch (error) {
        dispose([...answer.taps, ...aligned.map((member) => member.output)]);
        throw error;
      } finally {
        dispose(answer.members.map((member) => member.output));
      }
      return { members: aligned, taps: answer.taps };
    },
    ...(teacher.dispose === undefined ? {} : { dispose: () => teacher.dispose?.() }),
  };
}

function noMerger({ convention }: OutputDescription): KdError {
  return new KdError({
    code: 'KD_TEACHER_CONVENTION',
    where,
    argument: 'options.map',
    expected: 'from each class to one, as sigmoid outputs are independent of each other',
    received: `several classes for one, and a teacher of ${convention}`,
    remedy: 'Keep the classes apart, or merge them in answers of your own with arraysTeacher.',
  });
}
