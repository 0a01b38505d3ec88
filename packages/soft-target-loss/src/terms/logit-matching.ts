import { termOptions } from '@kd/core';
import type { Term, TermOptions } from '@kd/core';
import { logitMatchingLoss } from '../logit-matching-loss.js';
import { checkOutputs } from './check-outputs.js';
import { keptPositions } from './kept-positions.js';
import { meanLogits, studentLogits } from './outputs.js';
import { perExample } from './per-example.js';

/**
 * `logitMatchingLoss` between the outputs of teacher and student. Several teachers are combined into the mean
 * of their logits.
 *
 * @param options weight, a number or schedule
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
export function logitMatching(options: TermOptions = {}): Term {
  const where = 'logitMatching';
  const { weight, name = 'logit matching' } = termOptions.read(where, options);
  return {
    apiVersion: 1,
    name,
    weight,
    reduces: 'example',
    needs: ['teacher'],
    check: (shapes) => {
      checkOutputs(where, shapes, false);
    },
    loss: (given) => {
      const batch = keptPositions(where, given);
      return perExample(
        where,
        logitMatchingLoss(meanLogits(where, batch), studentLogits(batch)),
        batch.batch,
      );
    },
  };
}
