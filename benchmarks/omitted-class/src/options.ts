import { perceptronCommand, sizesOf } from '@kd-benchmarks/experiment/perceptrons';
import type { PerceptronFlags } from '@kd-benchmarks/experiment/perceptrons';
import { positive } from '@kd-benchmarks/experiment';
import { full, small } from './settings.js';
import type { Settings } from './settings.js';

/** The options of the command line. */
export interface Options extends PerceptronFlags {
  /** Overrides the settings. */
  readonly temperature?: number;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  return perceptronCommand(
    'omitted-class',
    'Distils students on transfer sets that lack classes of MNIST, and corrects their biases.',
  )
    .option('--temperature <t>', 'temperature of the soft targets', positive)
    .parse([...argv])
    .opts<Options>();
}

/** The settings that the options select, with their overrides. */
export function settingsOf(options: Options): Settings {
  const settings = sizesOf(options.small === true ? small : full, options);
  return {
    ...settings,
    soft: { ...settings.soft, temperature: options.temperature ?? settings.soft.temperature },
  };
}
