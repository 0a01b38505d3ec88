import { experimentCommand, positive, whole } from '@kd-benchmarks/experiment';
import type { ExperimentFlags } from '@kd-benchmarks/experiment';
import { largestTransferSize } from './split.js';

/** The options of the command line. */
export interface Options extends ExperimentFlags {
  /** Number of digits that the students learn from. */
  readonly transferSize: number;
  /** Overrides the chosen temperature. */
  readonly temperature?: number;
  /** Number of students of each kind. */
  readonly seeds: number;
  /** Overrides the chosen epochs of the students. */
  readonly epochs?: number;
  /** Overrides the chosen epochs of the teachers. */
  readonly teacherEpochs?: number;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  const command = experimentCommand(
    'quickstart',
    'Distils a small student from a large teacher on MNIST, and compares it with the student alone.',
  )
    .option(
      '--transfer-size <n>',
      'digits that the students learn from',
      whole(100, largestTransferSize),
      10_000,
    )
    .option('--temperature <t>', 'temperature of the soft targets (default: as chosen)', positive)
    .option('--seeds <n>', 'students of each kind', whole(1, 20), 3)
    .option('--epochs <n>', 'maximum epochs of the students (default: as chosen)', whole(1, 1000))
    .option('--teacher-epochs <n>', 'maximum epochs of the teachers (default: as chosen)', whole(1, 1000));
  return command.parse([...argv]).opts<Options>();
}
