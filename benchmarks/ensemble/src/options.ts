import { whole } from '@kd-benchmarks/experiment';
import { perceptronCommand, sizesOf } from '@kd-benchmarks/experiment/perceptrons';
import type { PerceptronFlags } from '@kd-benchmarks/experiment/perceptrons';
import { full, small } from './settings.js';
import type { Settings } from './settings.js';

/** The options of the command line. */
export interface Options extends PerceptronFlags {
  /** Overrides the settings. */
  readonly members?: number;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  return perceptronCommand(
    'ensemble',
    'Distils an ensemble into one student on MNIST, and compares it with distilling one member.',
  )
    .option('--members <n>', 'nets in the ensemble', whole(2, 100))
    .parse([...argv])
    .opts<Options>();
}

/** The settings that the options select, with their overrides. */
export function settingsOf(options: Options): Settings {
  const settings = sizesOf(options.small === true ? small : full, options);
  return { ...settings, members: options.members ?? settings.members };
}
