import { Command } from 'commander';
import { oneOf, whole } from '@kd-benchmarks/experiment';
import { peers } from './runs.js';
import type { PeerName } from './runs.js';

/** The options of the command line. */
export interface Options {
  readonly small?: boolean;
  readonly time?: boolean;
  readonly peers: readonly PeerName[];
  readonly warmUp: number;
  readonly rounds: number;
  readonly steps: number;
  readonly python: string;
  readonly environment: string;
  readonly work: string;
  readonly out: string;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(argv: readonly string[]): Options {
  return new Command('side-by-side')
    .description('Trains one student by the same recipe here, in PyTorch, in torchdistill and in Keras.')
    .option('--small', 'few and small steps, to see that all runs')
    .option('--time', 'time the steps instead, in turns')
    .option('--peers <names>', `some of ${peers.join(', ')}`, listOfPeers, [...peers])
    .option('--warm-up <n>', 'with --time: untimed first steps of every peer', whole(0, 100_000), 100)
    .option(
      '--rounds <n>',
      'with --time: rounds, in each of which every peer takes a turn',
      whole(1, 1000),
      11,
    )
    .option('--steps <n>', 'with --time: steps per turn', whole(1, 100_000), 50)
    .option('--python <path>', 'Python that creates the virtual environment, 3.11 or newer', 'python3')
    .option('--environment <folder>', 'folder of the virtual environment', 'runs/side-by-side/python')
    .option('--work <folder>', 'folder of digits and weights', 'runs/side-by-side')
    .option('--out <folder>', 'folder for the results', 'runs/side-by-side/results')
    .allowExcessArguments(false)
    .parse([...argv])
    .opts<Options>();
}

function listOfPeers(text: string): PeerName[] {
  return text.split(',').map(oneOf(peers));
}
