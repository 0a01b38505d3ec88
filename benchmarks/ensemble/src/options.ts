import { whole } from '@kd-benchmarks/experiment';
import { perceptronCommand, sizesOf } from '@kd-benchmarks/experiment/perceptrons';
import type { PerceptronFlags } from '@kd-benchmarks/experiment/perceptrons';
import { full, small } from './settings.js';
import type { Settings } from './settings.js';

/** What the command line says. */
export interface Options extends PerceptronFlags {
  /** Overrides that of the settings. */
  readonly members?: number;
}

/** Reads the command line; prints help or the fault and ends the process if there is one. */
export function readOptions(argv: readonly string[]): Options {
  return perceptronCommand(
    'ensemble',
    'Distils an ensemble into one student on MNIST, and one net of it beside it.',
  )
    .option('--members <n>', 'nets in the ensemble', whole(2, 100))
    .parse([...argv])
    .opts<Options>();
}

/** The settings that the options name, with what they override. */
export function settingsOf(options: Options): Settings {
  const settings = sizesOf(options.small === true ? small : full, options);
  return { ...settings, members: options.members ?? settings.members };
}
