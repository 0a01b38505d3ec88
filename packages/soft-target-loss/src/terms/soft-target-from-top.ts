import { checkClassTensor, defineTerm, onlyOutput } from '@kd/core';
import type { Term } from '@kd/core';
import { softTargetLossFromTopOf } from '../soft-target-loss-from-top.js';
import { checkFewer, checkTopTargets } from '../top-targets.js';
import { outputTermOptions } from './options.js';
import type { OutputTermOptions } from './options.js';

/**
 * `softTargetLossFromTop` of a teacher that gives the k most likely classes of an output, and of the student.
 *
 * It reads the outputs `output/top`, `output/log-probabilities` and `output/log-remaining` of the teacher, as
 * sets of @kd/stored-soft-targets with `topK` have them; `output` is the name of the student's output.
 *
 * @param options weight, a number or schedule; `output` if there are several
 * @returns a `Term` for `defineRecipe`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; the recipe throws
 *   `KD_OUTPUT_UNKNOWN` for a teacher without these outputs and `KD_CLASSES_MISMATCH` for one that gives all
 *   classes, before the first step
 *
 * @example
 * ```ts
 * import { softTargetFromTop } from '@kd/soft-target-loss';
 * console.log(softTargetFromTop().reads.teacher);
 * // {
 * //   classes: { as: 'values', output: 'output/top' },
 * //   logProbabilities: { as: 'values', output: 'output/log-probabilities' },
 * //   logRemaining: { as: 'values', output: 'output/log-remaining' }
 * // }
 * ```
 */
export function softTargetFromTop(options: OutputTermOptions = {}): Term {
  const where = 'softTargetFromTop';
  const { weight, name = 'soft from top', output } = outputTermOptions.read(where, options);
  const partOf = (part: string) => ({ as: 'values', output: `${output ?? onlyOutput}/${part}` }) as const;
  return defineTerm({
    name,
    weight,
    settings: { kind: where },
    reads: {
      student: { logits: { as: 'logits', output } },
      teacher: {
        classes: partOf('top'),
        logProbabilities: partOf('log-probabilities'),
        logRemaining: partOf('log-remaining'),
      },
    },
    check: ({ student, teacher }) => {
      checkFewer(where, 'the most likely classes', teacher.classes.shape.at(-1), student.logits.shape.at(-1));
    },
    loss: ({ student: { logits }, teacher: targets }) => {
      checkClassTensor(where, "the student's output", logits, 2);
      checkTopTargets(where, targets, logits);
      return { values: softTargetLossFromTopOf(targets, logits) };
    },
  });
}
