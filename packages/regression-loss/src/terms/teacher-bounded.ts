import { defineTerm, optionsOf, text } from '@kd/core';
import type { Term } from '@kd/core';
import { teacherBoundedLoss, teacherBoundedLossOptions } from '../teacher-bounded-loss.js';
import type { TeacherBoundedLossOptions } from '../teacher-bounded-loss.js';
import { checkEqualShapes, valueTermOptions } from './options.js';
import type { ValueTermOptions } from './options.js';

/** Options of `teacherBounded`. */
export interface TeacherBoundedOptions extends ValueTermOptions, TeacherBoundedLossOptions {
  /** Name of the target in the batch; default: that of the output, or `labels` if no output is named. */
  readonly target?: string;
}

const teacherBoundedOptions = optionsOf<TeacherBoundedOptions>()({
  target: text.optional(),
  ...valueTermOptions.fields,
  ...teacherBoundedLossOptions.fields,
});

/**
 * `teacherBoundedLoss` between the outputs of teacher and student and a target, as a term of a recipe, to be
 * combined with `valueTarget`.
 *
 * The paper adds half of it to the smooth L1 loss on the true boxes: ν = 0.5 (Chen et al. 2017, section 3.3).
 *
 * @param options margin; names of output and target; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `teacher bounded`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step if the outputs differ in shape, `KD_TEACHER_CONVENTION` if one of them is not `values`; the
 *   recipe throws `KD_TERM_NEEDS`, `KD_TENSOR_SHAPE`, `KD_LABEL_RANGE` before the step that would use the
 *   target
 *
 * @example
 * ```ts
 * import { huberLoss, teacherBounded, valueTarget } from '@kd/regression-loss';
 * const terms = [
 *   valueTarget({ output: 'boxes', loss: huberLoss }),
 *   teacherBounded({ output: 'boxes', weight: 0.5 }),
 * ];
 * console.log(terms.map(({ name, weight }) => `${name} ${String(weight)}`).join(', '));
 * // value target 1, teacher bounded 0.5
 * ```
 */
export function teacherBounded(options: TeacherBoundedOptions = {}): Term {
  const where = 'teacherBounded';
  const {
    margin,
    weight,
    name = 'teacher bounded',
    output,
    target = output ?? 'labels',
  } = teacherBoundedOptions.read(where, options);
  const place = { as: 'values', output } as const;
  return defineTerm({
    name,
    weight,
    settings: { margin },
    reads: {
      student: { values: place },
      teacher: { values: place },
      targets: { values: { as: 'values', target } },
    },
    check: ({ student, teacher }) => {
      checkEqualShapes(where, student.values, teacher.values);
    },
    loss: ({ student, teacher, targets }) => ({
      values: teacherBoundedLoss(
        { teacherValues: teacher.values, trueValues: targets.values },
        student.values,
        { margin },
      ),
    }),
  });
}
