import { experimentCommand, whole } from '@kd-benchmarks/experiment';
import type { ExperimentFlags } from '@kd-benchmarks/experiment';

/** The options of the command line. */
export interface Options extends ExperimentFlags {
  readonly small?: boolean;
  readonly seeds: number;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  return experimentCommand('language-model', 'A language model of characters distilled into a small one.')
    .option('--small', 'small models and few chapters: seconds, to see that all runs')
    .option('--seeds <count>', 'students of each kind', whole(1, 20), 3)
    .parse([...argv])
    .opts<Options>();
}
