import {
  boolean,
  checkTapPair,
  defineTerm,
  featureMaps,
  optionsOf,
  tapPairFields,
  tapPairOptions,
} from '@kd/core';
import type { FeatureShape, TapPairOptions, Term } from '@kd/core';
import { embedded, embeddingModule } from './embedding.js';
import { interChannelLoss } from './inter-channel-loss.js';

/** Options of `interChannel`. */
export interface InterChannelOptions extends TapPairOptions {
  /** Whether a trained 1x1 convolution gives the student the teacher's channels; default true. */
  readonly embeds?: boolean;
}

const interChannelOptions = optionsOf<InterChannelOptions>()({
  ...tapPairOptions.fields,
  embeds: boolean.default(true),
});

/**
 * `interChannelLoss` between a layer of the student and one of the teacher, as a term of a recipe. A 1x1
 * convolution with batch normalisation, which trains along and is saved in checkpoints under the term's name,
 * gives the student the teacher's channels (Liu et al. 2021).
 *
 * @param options the two taps, outputs `[B, H, W, C]`; `embeds: false` for layers of equally many channels;
 *   weight, a number or schedule; name
 * @returns a `Term` for `defineRecipe`, named `channels <student><-<teacher>`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of another rank, and without the embedding for other channels
 *
 * @example
 * ```ts
 * import { interChannel } from '@kd/inter-channel';
 * const term = interChannel({ student: 'conv_2', teacher: 'conv_6' });
 * console.log(term.name, Object.keys(term.modules));
 * // channels conv_2<-conv_6 [ 'embedding' ]
 * ```
 */
export function interChannel(options: InterChannelOptions): Term {
  const where = 'interChannel';
  const settings = interChannelOptions.read(where, options);
  const { embeds } = settings;
  const fields = tapPairFields('channels', settings);
  if (embeds)
    return defineTerm({
      ...fields,
      settings: { embeds },
      modules: { embedding: embeddingModule(fields.name, fields.reads) },
      check: (infos) => {
        checkTapPair(where, settings, infos, featureMaps);
      },
      loss: ({ student, teacher, modules: { embedding } }) => ({
        values: interChannelLoss(teacher.features, embedded(embedding, student.features)),
      }),
    });
  return defineTerm({
    ...fields,
    settings: { embeds },
    check: (infos) => {
      const channels = infos.teacher.features.shape.at(-1);
      const mapsOfChannels: FeatureShape = {
        ...featureMaps,
        expected: `${featureMaps.expected} with equally many channels`,
        fits: (shape) => featureMaps.fits(shape) && shape.at(-1) === channels,
      };
      checkTapPair(where, settings, infos, mapsOfChannels);
    },
    loss: ({ student, teacher }) => ({ values: interChannelLoss(teacher.features, student.features) }),
  });
}
