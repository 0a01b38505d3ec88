import { share } from '@kd-benchmarks/experiment';
import { perceptronCommand, sizesOf } from '@kd-benchmarks/experiment/perceptrons';
import type { PerceptronFlags } from '@kd-benchmarks/experiment/perceptrons';
import { full, small } from './settings.js';
import type { Settings } from './settings.js';

/** What the command line says. */
export interface Options extends PerceptronFlags {
  /** Overrides the share of the settings. */
  readonly labelled?: number;
}

/** Reads the command line; prints help or the fault and ends the process if there is one. */
export function readOptions(argv: readonly string[]): Options {
  return perceptronCommand(
    'unlabelled-transfer',
    'Trains students on MNIST where few digits have labels, by these and by soft targets on the others.',
  )
    .option('--labelled <share>', 'share of the digits that has labels, as 0.03', share)
    .parse([...argv])
    .opts<Options>();
}

/** The settings that the options name, with what they override. */
export function settingsOf(options: Options): Settings {
  const settings = sizesOf(options.small === true ? small : full, options);
  const { smallTeacher } = settings;
  const { teacherEpochs = smallTeacher.training.epochs, labelled = settings.labelled } = options;
  return {
    ...settings,
    labelled,
    smallTeacher: { ...smallTeacher, training: { ...smallTeacher.training, epochs: teacherEpochs } },
  };
}
