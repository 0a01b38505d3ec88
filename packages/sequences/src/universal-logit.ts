import { defineTerm, optionsOf, scheduled, temperatureOption, termOptions, text } from '@kd/core';
import type { Schedule, Term, TermOptions } from '@kd/core';
import { checkSamePositions } from './same-positions.js';
import { lossOf } from './universal-logit-loss.js';

/** Options of `universalLogit`. */
export interface UniversalLogitOptions extends TermOptions {
  /** Temperature T of teacher and student, > 0, or a schedule of it; default 1. */
  readonly temperature?: number | Schedule;
  /** Name of the output, the same on both sides; default: the only one. */
  readonly output?: string;
}

const universalLogitOptions = optionsOf<UniversalLogitOptions>()({
  temperature: scheduled(temperatureOption).default(1),
  output: text.optional(),
  ...termOptions.fields,
});

/**
 * `universalLogitLoss` between the outputs of a student and a teacher with other vocabularies, as a term of a
 * recipe: the mean over the positions that the mask of a batch keeps. Several teachers are combined into the
 * mean of their logits (Boizard et al. 2024).
 *
 * @param options T, a number or schedule; `output` if there are several; weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TEACHER_CONVENTION`,
 *   `KD_OUTPUT_UNKNOWN`, and `KD_TENSOR_SHAPE` for other lengths, before the first step
 *
 * @example
 * ```ts
 * import { universalLogit } from '@kd/sequences';
 * const term = universalLogit({ temperature: 2, weight: 1.5 });
 * console.log(term.name, term.weight);
 * // universal logit 1.5
 * ```
 */
export function universalLogit(options: UniversalLogitOptions = {}): Term {
  const where = 'universalLogit';
  const {
    temperature,
    output,
    weight,
    name = 'universal logit',
  } = universalLogitOptions.read(where, options);
  const place = { as: 'logits', output } as const;
  return defineTerm({
    name,
    weight,
    // Under different names, because classes of one name have to agree.
    reads: { student: { ofStudent: place }, teacher: { ofTeacher: place } },
    scalars: { temperature },
    check: ({ student, teacher }) => {
      checkSamePositions(where, teacher.ofTeacher.shape, student.ofStudent.shape);
    },
    loss: ({ student, teacher, scalars }) => ({
      values: lossOf(teacher.ofTeacher, student.ofStudent, scalars.temperature),
    }),
  });
}
