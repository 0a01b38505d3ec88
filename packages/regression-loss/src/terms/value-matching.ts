import { defineTerm } from '@kd/core';
import type { Term } from '@kd/core';
import { checkEqualShapes, valueMatchingOptions } from './options.js';
import type { ValueMatchingOptions } from './options.js';

/**
 * The student's values against the teacher's, as a term of a recipe. Several teachers are combined into the
 * weighted mean of their values.
 *
 * Values `[B, ..., N]` give one loss per example or position, `[B, ...]`, so the mask of a batch counts
 * positions: the anchors of a detector, the pixels of a picture.
 *
 * @param options loss; `output` if there are several; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `value matching`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step if the outputs differ in shape, `KD_TEACHER_CONVENTION` if one of them is not `values`
 *
 * @example
 * ```ts
 * import { huberLoss, valueMatching } from '@kd/regression-loss';
 * const term = valueMatching({ output: 'boxes', loss: huberLoss, weight: 0.5 });
 * console.log(term.name, term.weight, term.reads.teacher);
 * // value matching 0.5 { values: { as: 'values', output: 'boxes' } }
 * ```
 */
export function valueMatching(options: ValueMatchingOptions = {}): Term {
  const where = 'valueMatching';
  const { loss, weight, name = 'value matching', output } = valueMatchingOptions.read(where, options);
  const place = { as: 'values', output } as const;
  return defineTerm({
    name,
    weight,
    settings: { loss },
    reads: { student: { values: place }, teacher: { values: place } },
    check: ({ student, teacher }) => {
      checkEqualShapes(where, student.values, teacher.values);
    },
    loss: ({ student, teacher }) => ({ values: loss(teacher.values, student.values) }),
  });
}
