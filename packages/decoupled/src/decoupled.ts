import { defineTerm, KdError, optionsOf, scheduled, temperatureOption, termOptions, text } from '@kd/core';
import type { Schedule, Term, TermOptions } from '@kd/core';
import { lossOf, lossOptions } from './decoupled-loss.js';
import type { DecoupledLossOptions } from './decoupled-loss.js';

/** Options of `decoupled`. */
export interface DecoupledOptions extends TermOptions, Omit<DecoupledLossOptions, 'temperature'> {
  /** Temperature T of teacher and student, > 0, or a schedule of it; default 4. */
  readonly temperature?: number | Schedule;
  /** Name of the output, the same on both sides; default: the only one. */
  readonly output?: string;
  /** Name of the target in the batch; default: that of the output, or `labels` if no output is named. */
  readonly target?: string;
}

const decoupledOptions = optionsOf<DecoupledOptions>()({
  ...lossOptions.fields,
  temperature: scheduled(temperatureOption).default(4),
  output: text.optional(),
  target: text.optional(),
  ...termOptions.fields,
});

/**
 * `decoupledLoss` between the outputs of teacher and student, as a term of a recipe. Examples without a label
 * do not count.
 *
 * The authors train on CIFAR-100 with the weight rising from 0 to 1 over the first 20 epochs, beside
 * `hardTarget` of weight 1 (Zhao et al. 2022).
 *
 * @param options α, β, T, a number or schedule; names of output and target; weight, name
 * @returns a `Term` for `defineRecipe`, named `decoupled`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_CLASSES_FEW` before the
 *   first step for two classes
 *
 * @example
 * ```ts
 * import { decoupled } from '@kd/decoupled';
 * import { linear } from '@kd/schedule';
 * const term = decoupled({ beta: 2, weight: linear({ from: 0, to: 1, epochs: 20 }) });
 * console.log(term.name, term.settings);
 * // decoupled { alpha: 1, beta: 2 }
 * ```
 */
export function decoupled(options: DecoupledOptions = {}): Term {
  const where = 'decoupled';
  const {
    name = where,
    weight,
    temperature,
    output,
    target,
    ...settings
  } = decoupledOptions.read(where, options);
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
    check: ({ student }) => {
      if (student.logits.shape.at(-1) !== 2) return;
      throw new KdError({
        code: 'KD_CLASSES_FEW',
        where,
        argument: "the student's output",
        expected: 'of three classes or more, because two leave nothing beside the target',
        received: '2',
        remedy: 'Use softTarget.',
      });
    },
    loss: ({ student, teacher, targets, scalars }) => ({
      values: lossOf(teacher.logits, student.logits, targets.labels, { ...settings, ...scalars }),
    }),
  });
}
