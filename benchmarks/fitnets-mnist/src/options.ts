import { experimentCommand, oneOf, whole } from '@kd-benchmarks/experiment';
import type { ExperimentFlags } from '@kd-benchmarks/experiment';
import { studies } from './studies/index.js';

type StudyName = keyof typeof studies;
const names = Object.keys(studies) as StudyName[];

/** The options of the command line. */
export interface Options extends ExperimentFlags {
  readonly study: StudyName;
  readonly small?: boolean;
  /** Absent: as many as the study has. */
  readonly seeds?: number;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  return experimentCommand('fitnets-mnist', 'Section 3.4 of Romero et al. 2015 (FitNets) on MNIST.')
    .option('--study <name>', names.join(', '), oneOf(names), 'table')
    .option('--small', 'small nets and few digits: seconds, to see that all runs')
    .option('--seeds <count>', 'students of each kind', whole(1, 20))
    .parse([...argv])
    .opts<Options>();
}
