import { experimentCommand, whole } from '@kd-benchmarks/experiment';
import type { ExperimentFlags } from '@kd-benchmarks/experiment';

/** The options of the command line. */
export interface Options extends ExperimentFlags {
  readonly small?: boolean;
  readonly seeds: number;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  return experimentCommand('hinton-mnist', 'Section 3 of Hinton, Vinyals and Dean 2015 on MNIST.')
    .option('--small', 'small nets and few digits: seconds, to see that all runs')
    .option('--seeds <count>', 'teachers, and students of each kind', whole(1, 20), 3)
    .parse([...argv])
    .opts<Options>();
}
