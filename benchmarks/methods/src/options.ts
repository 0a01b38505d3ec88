import { pairs } from '@kd-benchmarks/cifar-nets';
import type { PairName } from '@kd-benchmarks/cifar-nets';
import { experimentCommand, oneOf, whole } from '@kd-benchmarks/experiment';
import type { ExperimentFlags } from '@kd-benchmarks/experiment';

/** Which work, as plain data for the processes that make it. */
export interface Pictured {
  /** Seconds instead of an hour, to see that all runs. */
  readonly tiny?: boolean;
  /** Folder of Fashion-MNIST, or "cifar100" and its folder; absent: the folder of Debian's package. */
  readonly data?: readonly string[];
  /** The nets for CIFAR-100. */
  readonly pair: PairName;
}

/** The options of the command line. */
export interface Options extends ExperimentFlags, Pictured {
  readonly seeds: number;
  /** Only methods whose names contain this. */
  readonly only?: string;
  /** Whether the steps are timed, after all trainings. */
  readonly cost: boolean;
}

const names = Object.keys(pairs) as PairName[];

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  return experimentCommand(
    'methods',
    'Trains one student with every method, each with the weight that a small search has chosen.',
  )
    .option(
      '--data <folder...>',
      "folder with Fashion-MNIST's IDX files, or: cifar100 and its folder (default: Debian's package, or MNIST)",
    )
    .option('--pair <name>', `nets for CIFAR-100: ${names.join(', ')}`, oneOf(names), names[2])
    .option('--tiny', 'a few pictures and steps, to see that all runs')
    .option('--seeds <count>', 'students of each method', whole(1, 100), 3)
    .option('--only <text>', 'only methods whose names contain this')
    .option('--no-cost', 'do not time the steps')
    .parse([...argv])
    .opts<Options>();
}
