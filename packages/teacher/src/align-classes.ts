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
  /**
   * For classes whose names differ or that merge several: the teacher's class or classes for each class of
   * the student.
   */
  readonly map?: ClassMap;
}

const alignClassesOptions = optionsOf<AlignClassesOptions>()({
  classes: studentClasses,
  map: classMap.optional(),
});

const where = 'alignClasses';

/**
 * Maps a teacher's outputs to the student's classes: reorders classes, leaves some out, or merges several
 * into one.
 *
 * - Reordering and leaving out: only the logits of the student's classes remain. At every temperature, their
 *   softmax is the teacher's belief given that the example belongs to one of these classes. Probabilities are
 *   divided by their sum.
 * - Merging: probabilities are added; logits become `u = log Σ_c exp v_c`, the logit of that sum. Both happen
 *   before any temperature: the student learns from softmax(u / T), not from `Σ_c softmax(v / T)_c`, the sum
 *   of softened probabilities. As T grows, that sum tends to the group's share of the number of classes,
 *   whatever the teacher says.
 * - Sigmoid outputs are independent, so they are reordered but not merged: their joint probabilities are
 *   unknown.
 *
 * @param teacher a teacher that describes its classes
 * @param options the student's classes, and the matching classes of the teacher; default: those of the same
 *   name
 * @returns a `Teacher` with the student's classes; taps are passed through
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_CLASSES_MISMATCH` if the classes or the map name a class
 *   twice. `describe` and `predict` reject with `KD_CLASSES_MISMATCH`, listing the classes of both, if the
 *   teacher lacks a class, and with `KD_TEACHER_CONVENTION` if sigmoid outputs would be merged; `predict`
 *   with `KD_PROBABILITY_RANGE` for an example whose probabilities are zero for all of the student's classes
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
    expected: 'a map from each class to one class, because sigmoid outputs are independent',
    received: `several classes for one, and a teacher of ${convention}`,
    remedy: 'Keep the classes separate, or merge the answers yourself and pass them to arraysTeacher.',
  });
}
