import { defineTerm, optionsOf, termOptions, text } from '@kd/core';
import type { Term, TermOptions } from '@kd/core';
import { lossOf, lossOptions } from './multi-level-loss.js';
import type { MultiLevelLossOptions } from './multi-level-loss.js';

/** Options of `multiLevel`. */
export interface MultiLevelOptions extends TermOptions, MultiLevelLossOptions {
  /** Name of the output, the same on both sides; default: the only one. */
  readonly output?: string;
}

const multiLevelOptions = optionsOf<MultiLevelOptions>()({
  ...lossOptions.fields,
  output: text.optional(),
  ...termOptions.fields,
});

/**
 * `multiLevelLoss` between the outputs of teacher and student, as a term of a recipe. It needs no labels.
 *
 * @param options temperatures, and the weights of the levels; name of the output; weight, name
 * @returns a `Term` for `defineRecipe`, named `multi-level`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately
 *
 * @example
 * ```ts
 * import { multiLevel } from '@kd/multi-level';
 * const term = multiLevel({ temperatures: [2, 4], classes: 0.5 });
 * console.log(term.name, term.settings);
 * // multi-level { temperatures: [ 2, 4 ], instances: 1, batches: 1, classes: 0.5 }
 * ```
 */
export function multiLevel(options: MultiLevelOptions = {}): Term {
  const where = 'multiLevel';
  const { name = 'multi-level', weight, output, ...settings } = multiLevelOptions.read(where, options);
  return defineTerm({
    name,
    weight,
    reduces: 'batch',
    settings,
    reads: { student: { logits: { as: 'logits', output } }, teacher: { logits: { as: 'logits', output } } },
    loss: ({ student, teacher }) => ({ values: lossOf(teacher.logits, student.logits, settings) }),
  });
}
