import {
  defineModule,
  defineTerm,
  nonNegative,
  optionsOf,
  positive,
  scheduled,
  temperatureOption,
  termOptions,
  text,
} from '@kd/core';
import type { Schedule, Term, TermOptions } from '@kd/core';
import { cosine } from '@kd/schedule';
import { add, mul, scalar, sigmoid, variable } from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { lossOf } from './curriculum-temperature-loss.js';
import { reversed } from './reversed.js';

/** Options of `curriculumTemperature`. */
export interface CurriculumTemperatureOptions extends TermOptions {
  /** Lowest temperature that can be learned, > 0; default 1. */
  readonly lowest?: number;
  /** How far the temperature may rise above the lowest, > 0; default 20. */
  readonly range?: number;
  /**
   * λ, how strongly the temperature is trained against the student, >= 0, or a schedule of it; default
   * `cosine({ from: 0, to: 1, epochs: 10 })`.
   */
  readonly reversal?: number | Schedule;
  /** Name of the output, the same on both sides; default: the only one. */
  readonly output?: string;
}

const curriculumTemperatureOptions = optionsOf<CurriculumTemperatureOptions>()({
  lowest: temperatureOption.default(1),
  range: positive.default(20),
  reversal: scheduled(nonNegative).default(cosine({ from: 0, to: 1, epochs: 10 })),
  output: text.optional(),
  ...termOptions.fields,
});

/**
 * Soft targets at one temperature that is learned along with the student and against it: the student lowers
 * the loss, the temperature raises it by λ, which rises from 0. So the task gets harder as the student gets
 * better.
 *
 * `T = lowest + range sigmoid(r)`. The number r starts at 1, is saved in checkpoints as `<name>/raw`, and
 * learns at the rate of the student, or as `learningRateMultipliers` say (Li et al. 2023, for one temperature
 * for all examples).
 *
 * @param options range of T, λ, name of the output; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `curriculum`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately
 *
 * @example
 * ```ts
 * import { curriculumTemperature } from '@kd/curriculum-temperature';
 * const term = curriculumTemperature({ range: 10, weight: 0.9 });
 * console.log(term.name, term.settings, Object.keys(term.modules));
 * // curriculum { lowest: 1, range: 10 } [ 'temperature' ]
 * ```
 */
export function curriculumTemperature(options: CurriculumTemperatureOptions = {}): Term {
  const where = 'curriculumTemperature';
  const read = curriculumTemperatureOptions.read(where, options);
  const { name = 'curriculum', weight, reversal, output, lowest, range } = read;
  const temperature = defineModule({
    name,
    reads: {},
    build: (): { raw: Variable } => ({ raw: variable(scalar(1)) }),
  });
  return defineTerm({
    name,
    weight,
    settings: { lowest, range },
    reads: { student: { logits: { as: 'logits', output } }, teacher: { logits: { as: 'logits', output } } },
    modules: { temperature },
    scalars: { reversal },
    loss: ({ student, teacher, modules, scalars }) => {
      const T = add(mul(sigmoid(modules.temperature.raw), range), lowest);
      return { values: lossOf(teacher.logits, student.logits, reversed(T, scalars.reversal)) };
    },
  });
}
