import { share } from '@kd-benchmarks/experiment';
import { perceptronCommand, sizesOf } from '@kd-benchmarks/experiment/perceptrons';
import type { PerceptronFlags } from '@kd-benchmarks/experiment/perceptrons';
import { full, small } from './settings.js';
import type { Settings } from './settings.js';

/** The options of the command line. */
export interface Options extends PerceptronFlags {
  /** Overrides the share in the settings. */
  readonly labelled?: number;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  return perceptronCommand(
    'unlabelled-transfer',
    'Trains students on MNIST with few labels: on these, on soft targets for the other digits, and on both.',
  )
    .option('--labelled <share>', 'share of the digits that have labels, such as 0.03', share)
    .parse([...argv])
    .opts<Options>();
}

/** The settings that the options select, with their overrides. */
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
