import {
  askTeacher,
  conventions,
  describeTeacher,
  KdError,
  optionsOf,
  tensorsOfAnswer,
  text,
} from '@kd/core';
import type { OutputInfo, Teacher, TeacherDescription, TeacherMember } from '@kd/core';
import { dispose } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { alignedOutput, checkRemainder } from './aligned-output.js';
import { checkMap, classGroups, classMap, studentClasses } from './class-groups.js';
import type { ClassGroups, ClassMap } from './class-groups.js';
import { fingerprintOfTexts } from './fingerprint.js';
import { chooseOutput } from './outputs/wanted.js';
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
  /** The output whose classes are mapped; default: the only one, or the one called `output`. */
  readonly output?: string;
}

const alignClassesOptions = optionsOf<AlignClassesOptions>()({
  classes: studentClasses,
  map: classMap.optional(),
  output: text.optional(),
});

const where = 'alignClasses';

/**
 * Maps an output of a teacher to the student's classes: reorders classes, leaves some out, or merges several
 * into one. Other outputs and taps are passed through.
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
 * @returns a `Teacher` with the student's classes
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_CLASSES_MISMATCH` if the classes or the map name a class
 *   twice. `describe` and `predict` reject with `KD_CLASSES_MISMATCH`, listing the classes of both, if the
 *   teacher lacks a class, with `KD_OUTPUT_UNKNOWN` if it lacks the output, and with `KD_TEACHER_CONVENTION`
 *   if the output has values, or if sigmoid outputs would be merged; `predict` with `KD_PROBABILITY_RANGE`
 *   for an example whose probabilities are zero for all of the student's classes
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
 * const batch = { inputs: {}, ids: ['a'] };
 * const { members } = await teacher.predict(batch, { outputs: ['output'], taps: [] });
 * const [dog = 0, cat = 0] = (await members[0]?.outputs['output']?.data()) ?? [];
 * console.log(dog.toFixed(3), cat.toFixed(3));
 * // 0.444 0.556
 * ```
 */
export function alignClasses(teacher: Teacher, options: AlignClassesOptions): Teacher {
  checkTeacher(where, 'teacher', teacher);
  const { classes, map, output: chosen } = alignClassesOptions.read(where, options);
  checkMap(where, classes, map);
  let known: Aligned | undefined;

  function read({ outputs }: Pick<TeacherDescription, 'outputs'>): Aligned {
    const name = chooseOutput(where, 'options.output', chosen, outputs);
    const output = outputs[name] as OutputInfo;
    const { family } = conventions[output.convention];
    if (family === 'values') throw noClasses(name);
    const groups = classGroups(where, output.classes, classes, map);
    if (family !== 'classes' && groups.some(({ length }) => length > 1)) throw noMerger(output);
    known = { name, output, groups };
    return known;
  }

  async function aligned(value: Tensor, { output, groups }: Aligned): Promise<Tensor> {
    const { family, scale } = conventions[output.convention];
    if (family === 'classes' && scale === 'probabilities') await checkRemainder(where, value, groups);
    return alignedOutput(value, groups, output.convention);
  }

  return {
    describe: async (request) => {
      const description = await describeTeacher(teacher, request);
      const { name, output, groups } = read(description);
      const shape = [...output.shape.slice(0, -1), classes.length];
      return {
        ...description,
        outputs: { ...description.outputs, [name]: { ...output, classes, shape } },
        fingerprint: fingerprintOfTexts([where, JSON.stringify([classes, groups]), description.fingerprint]),
      };
    },
    predict: async (batch, request) => {
      const to = known ?? read(await describeTeacher(teacher, { taps: [] }));
      const answer = await askTeacher(teacher, batch, request);
      if (!request.outputs.includes(to.name)) return answer;
      const members: TeacherMember[] = [];
      try {
        for (const { outputs, weight } of answer.members) {
          const own = await aligned(outputs[to.name] as Tensor, to);
          members.push({ outputs: { ...outputs, [to.name]: own }, weight });
        }
      } catch (error) {
        dispose(members.map(({ outputs }) => outputs[to.name] as Tensor));
        dispose(tensorsOfAnswer(answer));
        throw error;
      }
      dispose(answer.members.map(({ outputs }) => outputs[to.name] as Tensor));
      return { members, taps: answer.taps };
    },
    ...(teacher.dispose === undefined ? {} : { dispose: () => teacher.dispose?.() }),
  };
}

/** The output whose classes are mapped, and how. */
interface Aligned {
  readonly name: string;
  readonly output: OutputInfo;
  readonly groups: ClassGroups;
}

function noClasses(name: string): KdError {
  return new KdError({
    code: 'KD_TEACHER_CONVENTION',
    where,
    argument: 'options.output',
    expected: 'an output of classes or labels',
    received: `${JSON.stringify(name)}, an output of values`,
    remedy: 'Name the output that has the classes.',
  });
}

function noMerger({ convention }: OutputInfo): KdError {
  return new KdError({
    code: 'KD_TEACHER_CONVENTION',
    where,
    argument: 'options.map',
    expected: 'a map from each class to one class, because sigmoid outputs are independent',
    received: `several classes for one, and a teacher of ${convention}`,
    remedy: 'Keep the classes separate, or merge the answers yourself and pass them to arraysTeacher.',
  });
}
