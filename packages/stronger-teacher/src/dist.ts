import { defineTerm, optionsOf, scheduled, temperatureOption, termOptions, text } from '@kd/core';
import type { Schedule, Term, TermOptions } from '@kd/core';
import { lossOf, lossOptions } from './dist-loss.js';
import type { DistLossOptions } from './dist-loss.js';

/** Options of `dist`. */
export interface DistOptions extends TermOptions, Omit<DistLossOptions, 'temperature'> {
  /** Temperature T of teacher and student, > 0, or a schedule of it; default 1. */
  readonly temperature?: number | Schedule;
  /** Name of the output, the same on both sides; default: the only one. */
  readonly output?: string;
}

const distOptions = optionsOf<DistOptions>()({
  ...lossOptions.fields,
  temperature: scheduled(temperatureOption).default(1),
  output: text.optional(),
  ...termOptions.fields,
});

/**
 * `distLoss` between the outputs of teacher and student, as a term of a recipe. It needs no labels.
 *
 * @param options β, γ, T, a number or schedule; name of the output; weight, name
 * @returns a `Term` for `defineRecipe`, named `dist`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately
 *
 * @example
 * ```ts
 * import { dist } from '@kd/stronger-teacher';
 * const term = dist({ temperature: 4 });
 * console.log(term.name, term.reduces, term.settings);
 * // dist batch { beta: 1, gamma: 1 }
 * ```
 */
export function dist(options: DistOptions = {}): Term {
  const where = 'dist';
  const { name = where, weight, temperature, output, ...settings } = distOptions.read(where, options);
  return defineTerm({
    name,
    weight,
    reduces: 'batch',
    settings,
    reads: { student: { logits: { as: 'logits', output } }, teacher: { logits: { as: 'logits', output } } },
    scalars: { temperature },
    loss: ({ student, teacher, scalars }) => ({
      values: lossOf(teacher.logits, student.logits, { ...settings, ...scalars }),
    }),
  });
}
