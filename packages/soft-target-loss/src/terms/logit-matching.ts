import { defineTerm } from '@kd/core';
import type { Term } from '@kd/core';
import { logitMatchingLoss } from '../logit-matching-loss.js';
import { outputTermOptions } from './options.js';
import type { OutputTermOptions } from './options.js';

/**
 * `logitMatchingLoss` between the outputs of teacher and student. Several teachers are combined into the mean
 * of their logits.
 *
 * @param options weight, a number or schedule; `output` if there are several
 * @returns a `Term` for `defineRecipe`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_CLASSES_MISMATCH`,
 *   `KD_TEACHER_CONVENTION` before the first step
 *
 * @example
 * ```ts
 * import { logitMatching } from '@kd/soft-target-loss';
 * console.log(logitMatching({ weight: 0.5 }).weight);
 * // 0.5
 * ```
 */
export function logitMatching(options: OutputTermOptions = {}): Term {
  const { weight, name = 'logit matching', output } = outputTermOptions.read('logitMatching', options);
  const place = { as: 'logits', output } as const;
  return defineTerm({
    name,
    weight,
    reads: { student: { output: place }, teacher: { output: place } },
    loss: ({ student, teacher }) => ({ values: logitMatchingLoss(teacher.output, student.output) }),
  });
}
