import { defineTerm, optionsOf, scheduled, tapPairFields, tapPairOptions, temperatureOption } from '@kd/core';
import type { Schedule, TapPairOptions, Term } from '@kd/core';
import { lossOf } from './channel-wise-loss.js';
import { checkTapsOfMaps } from './equal-channels.js';

/** Options of `channelWise`. */
export interface ChannelWiseOptions extends TapPairOptions {
  /** Temperature T of teacher and student, > 0, or a schedule of it; default 4. */
  readonly temperature?: number | Schedule;
}

const channelWiseOptions = optionsOf<ChannelWiseOptions>()({
  ...tapPairOptions.fields,
  temperature: scheduled(temperatureOption).default(4),
});

/**
 * `channelWiseLoss` between a layer of the student and one of the teacher, as a term of a recipe: the class
 * logits of a segmentation head, or feature maps of equally many channels (Shu et al. 2021).
 *
 * @param options the two taps, outputs `[B, H, W, C]`; T, a number or schedule; weight, likewise; name
 * @returns a `Term` for `defineRecipe`, named `channel-wise <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of another rank or other channels
 *
 * @example
 * ```ts
 * import { channelWise } from '@kd/dense';
 * const term = channelWise({ student: 'logits', teacher: 'logits', weight: 3 });
 * console.log(term.name, term.scalars);
 * // channel-wise logits<-logits { temperature: 4 }
 * ```
 */
export function channelWise(options: ChannelWiseOptions): Term {
  const where = 'channelWise';
  const settings = channelWiseOptions.read(where, options);
  const { temperature } = settings;
  return defineTerm({
    ...tapPairFields('channel-wise', settings),
    scalars: { temperature },
    check: (infos) => {
      checkTapsOfMaps(where, settings, infos);
    },
    loss: ({ student, teacher, scalars }) => ({
      values: lossOf(teacher.features, student.features, scalars.temperature),
    }),
  });
}
