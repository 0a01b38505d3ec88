import { defineTerm, optionsOf, scheduled, temperatureOption, termOptions, text } from '@kd/core';
import type { Schedule, Term, TermOptions } from '@kd/core';
import { lossOf, lossOptions } from './normalized-loss.js';
import type { NormalizedLossOptions } from './normalized-loss.js';

/** Options of `normalized`. */
export interface NormalizedOptions extends TermOptions, Omit<NormalizedLossOptions, 'temperature'> {
  /** Temperature T of the other classes, > 0, or a schedule of it; default 1. The target class has none. */
  readonly temperature?: number | Schedule;
  /** Name of the output, the same on both sides; default: the only one. */
  readonly output?: string;
  /** Name of the target in the batch; default: that of the output, or `labels` if no output is named. */
  readonly target?: string;
}

const normalizedOptions = optionsOf<NormalizedOptions>()({
  ...lossOptions.fields,
  temperature: scheduled(temperatureOption).default(1),
  output: text.optional(),
  target: text.optional(),
  ...termOptions.fields,
});

/**
 * `normalizedLoss` between the outputs of teacher and student, as a term of a recipe. Examples without a
 * label do not count.
 *
 * The authors add it to the cross-entropy with the labels, `hardTarget` of weight 1 (Yang et al. 2023).
 *
 * @param options γ; T, a number or schedule; names of output and target; weight, name
 * @returns a `Term` for `defineRecipe`, named `normalized`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { normalized } from '@kd/normalized';
 * const term = normalized({ gamma: 1, weight: 0.5 });
 * console.log(term.name, term.settings);
 * // normalized { gamma: 1 }
 * ```
 */
export function normalized(options: NormalizedOptions = {}): Term {
  const where = 'normalized';
  const {
    name = where,
    weight,
    temperature,
    output,
    target,
    ...settings
  } = normalizedOptions.read(where, options);
  return defineTerm({
    name,
    weight,
    settings,
    reads: {
      student: { logits: { as: 'logits', output } },
      teacher: { logits: { as: 'logits', output } },
      targets: { labels: { as: 'class-ids', target: target ?? output ?? 'labels' } },
    },
    scalars: { temperature },
    loss: ({ student, teacher, targets, scalars }) => ({
      values: lossOf(teacher.logits, student.logits, targets.labels, { ...settings, ...scalars }),
    }),
  });
}
