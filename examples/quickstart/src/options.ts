import type { BackendName } from '@kd/backend/node';
import { Command, InvalidArgumentError, Option } from 'commander';
import { largestTransferSize } from './split.js';

/** What the command line says. */
export interface Options {
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
  readonly backend?: BackendName;
  /** Folder of the results. */
  readonly out: string;
}

function whole(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(
      `It must be a whole number from ${String(minimum)} to ${String(maximum)}.`,
    );
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** Reads the command line; prints help or the fault and ends the process if there is one. */
export function readOptions(argv: readonly string[]): Options {
  const command = new Command('quickstart')
    .description(
      'Distils a small student from a large teacher on MNIST, and compares it with the student alone.',
    )
    .option(
      '--transfer-size <n>',
      'digits that the students learn from',
      whole(100, largestTransferSize),
      10_000,
    )
    .option('--temperature <t>', 'temperature of the soft targets (default: the chosen one)', positive)
    .option('--seeds <n>', 'students of each kind', whole(1, 20), 3)
    .option('--epochs <n>', 'epochs of the students at most (default: the chosen ones)', whole(1, 1000))
    .option(
      '--teacher-epochs <n>',
      'epochs of the teachers at most (default: the chosen ones)',
      whole(1, 1000),
    )
    .addOption(
      new Option('--backend <name>', 'backend (default: the fastest that is installed)').choices([
        'tensorflow',
        'webgpu',
        'wasm',
        'cpu',
      ]),
    )
    .option('--out <folder>', 'folder of result.json and the student', 'runs/quickstart')
    .allowExcessArguments(false);
  return command.parse([...argv]).opts<Options>();
}
