import {
  checkTapPair,
  defineTerm,
  frozen,
  offTape,
  oneOf,
  optionsOf,
  positive,
  tapPairFields,
  tapPairOptions,
} from '@kd/core';
import type { TapPairOptions, Term } from '@kd/core';
import { mean, square, sub } from '@tensorflow/tfjs-core';
import { absolute } from './absolute.js';
import { checkTeacher, mapsOfKnownChannels } from './check-maps.js';
import { factorLoss, factorLossOptions } from './factor-loss.js';
import type { FactorLossOptions } from './factor-loss.js';
import { factorModules } from './nets.js';

/** Options of `factorTransfer`. */
export interface FactorTransferOptions extends TapPairOptions, FactorLossOptions {
  /** The paraphrase rate: channels of a factor for each channel of the teacher, above 0; default 0.5. */
  readonly rate?: number;
  /** Default "squared", the mean of the squared error; "absolute" is the mean of its size. */
  readonly reconstruction?: 'squared' | 'absolute';
}

/** The terms of both stages. */
export interface FactorTransfer {
  /** For the first stage: trains the paraphraser to reconstruct the teacher's map. */
  readonly paraphrase: Term;
  /** For the second stage: trains student and translator to match the paraphraser's factors. */
  readonly transfer: Term;
}

const factorTransferOptions = optionsOf<FactorTransferOptions>()({
  ...tapPairOptions.fields,
  ...factorLossOptions.fields,
  rate: positive.default(0.5),
  reconstruction: oneOf('squared', 'absolute').default('squared'),
});

/**
 * Factor transfer: `distance(F_t / ‖F_t‖, F_s / ‖F_s‖)` of factors that two small nets find.
 *
 * In a first stage the paraphraser, an autoencoder of convolutions, learns to reconstruct the teacher's map;
 * what its encoder says are the teacher's factors. In the second stage the translator, a net of the same
 * form, finds factors of the student's map, and both learn to match the teacher's (Kim, Park, Kwak 2018).
 * Both nets are saved in checkpoints; the trained student contains no trace of them.
 *
 * @param options the two taps, outputs `[B, H, W, C]`; rate, reconstruction, distance, channels; weight of
 *   `transfer`, a number or schedule; its name
 * @returns the terms `paraphrase` and `transfer`, one for each stage of `trainStages`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN` immediately; `KD_TENSOR_SHAPE` before the
 *   first step for taps of another rank
 *
 * @example
 * ```ts
 * import { factorTransfer } from '@kd/factor-transfer';
 * const { paraphrase, transfer } = factorTransfer({ student: 'conv_2', teacher: 'conv_6', weight: 500 });
 * console.log(paraphrase.name, Object.keys(paraphrase.modules));
 * // paraphrase of factors conv_2<-conv_6 [ 'paraphraser' ]
 * console.log(transfer.name, Object.keys(transfer.modules));
 * // factors conv_2<-conv_6 [ 'paraphraser', 'translator' ]
 * ```
 */
export function factorTransfer(options: FactorTransferOptions): FactorTransfer {
  const where = 'factorTransfer';
  const settings = factorTransferOptions.read(where, options);
  const { rate, reconstruction, distance, channels } = settings;
  const fields = tapPairFields('factors', settings);
  const { paraphraser, translator } = factorModules(fields.name, fields.reads, rate);
  const errorSize = { squared: square, absolute }[reconstruction];

  return {
    paraphrase: defineTerm({
      name: `paraphrase of ${fields.name}`,
      reads: { teacher: fields.reads.teacher },
      settings: { rate, reconstruction },
      modules: { paraphraser },
      check: ({ teacher: { features } }) => {
        checkTeacher(where, features.shape);
      },
      loss: ({ teacher: { features }, modules: { paraphraser: net } }) => ({
        values: mean(errorSize(sub(net.decoder(net.encoder(features)), features)), [1, 2, 3]),
      }),
    }),
    transfer: defineTerm({
      ...fields,
      settings: { rate, distance, channels },
      modules: { paraphraser: frozen(paraphraser), translator },
      check: (infos) => {
        checkTapPair(where, settings, infos, mapsOfKnownChannels);
      },
      loss: ({ student, teacher, modules }) => ({
        values: factorLoss(
          offTape(() => modules.paraphraser.encoder(teacher.features)),
          modules.translator.net(student.features),
          { distance, channels },
        ),
      }),
    }),
  };
}
