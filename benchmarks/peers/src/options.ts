import process from 'node:process';
import { Command, InvalidArgumentError, Option } from 'commander';
import { isas } from './isa.js';
import type { Isa } from './isa.js';
import { peerNames } from './peer.js';
import type { PeerName } from './peer.js';
import { defaultWorks, pairedNets, workOf } from './works.js';

/** The options of the command line. */
export interface Options {
  readonly works: readonly string[];
  readonly peers: readonly PeerName[];
  readonly isa: Isa;
  readonly rounds: number;
  readonly steps: number;
  readonly reruns: number;
  readonly warmUp: number;
  readonly nets: readonly string[];
  readonly pairedRounds: number;
  readonly pairedSteps: number;
  readonly memoryWorks: readonly string[];
  readonly memorySteps: number;
  readonly keep: boolean;
  readonly python: string;
  readonly environment: string;
  readonly out: string;
}

/** Reads the command line. For `--help` or a wrong option it prints a message and ends the process. */
export function readOptions(): Options {
  return new Command('npm run bench:peers --')
    .option('--works <works>', 'rows of the table, separated by commas', listOfWorks, [...defaultWorks])
    .option('--peers <peers>', `some of ${peerNames.join(', ')}`, listOf(peerNames), [...peerNames])
    .addOption(new Option('--isa <isa>', 'what all peers are held to').choices(isas).default('unrestricted'))
    .option('--rounds <n>', 'rounds; in each, every peer takes a turn; 0 to skip', count, 12)
    .option('--steps <n>', 'steps per turn; wasm makes a tenth', count, 50)
    .option('--reruns <n>', 'at most so many rounds of a work are run again', count, 8)
    .option('--warm-up <n>', 'untimed first steps of every peer', count, 200)
    .option('--nets <nets>', 'nets to time with and without soft targets', listOf(pairedNets), [
      ...pairedNets,
    ])
    .option('--paired-rounds <n>', 'rounds with and without soft targets; 0 to skip', count, 40)
    .option('--paired-steps <n>', 'steps of each of these', count, 20)
    .option('--memory-works <works>', 'works whose memory is measured', listOfWorks, [
      'mlp-kd-targets',
      'conv-kd',
      'resnet-plain',
      'lstm-plain',
    ])
    .option('--memory-steps <n>', 'steps during which memory is measured; 0 to skip', count, 10_000)
    .option('--keep', 'keep the rows of other works that the result file has', false)
    .option('--python <path>', 'Python that creates the virtual environment', 'python3')
    .option('--environment <folder>', 'folder of the virtual environment', '.cache/bench-peers')
    .option('--out <folder>', 'folder of the result files', 'runs/bench-peers')
    .parse(process.argv)
    .opts<Options>();
}

function count(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`${text} is not a whole number.`);
}

function listOf<Name extends string>(known: readonly Name[]): (text: string) => Name[] {
  return (text) =>
    text.split(',').map((name) => {
      if (known.includes(name as Name)) return name as Name;
      throw new InvalidArgumentError(`${name} is not one of ${known.join(', ')}.`);
    });
}

function listOfWorks(text: string): string[] {
  return text.split(',').map((name) => {
    try {
      return workOf(name).name;
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  });
}
