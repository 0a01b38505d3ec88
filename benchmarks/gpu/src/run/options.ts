import { Command, Option } from 'commander';

/** The options of a run. */
export interface Options {
  readonly out: string;
  readonly minutes: number;
  readonly rounds: number;
  readonly steps: number;
  readonly backend?: 'tensorflow' | 'webgpu';
  readonly python: string;
  readonly software: boolean;
}

/** The command line of a run. */
export function gpuCommand(): Command {
  return new Command('npm run bench:gpu --')
    .description('Compares training steps on a GPU with those of PyTorch.')
    .option('--out <file>', 'result file', 'runs/bench-gpu/result.json')
    .option('--minutes <n>', 'what would take longer is left out', Number, 10)
    .option('--rounds <n>', 'rounds; in each, every peer takes a turn', Number, 5)
    .option('--steps <n>', 'timed steps per turn', Number, 20)
    .addOption(
      new Option('--backend <name>', 'backend (default: the first that computes on a GPU)').choices([
        'tensorflow',
        'webgpu',
      ]),
    )
    .option('--python <path>', 'Python with PyTorch', 'python3')
    .option('--software', 'tries everything on the processor, with tiny nets; measures nothing', false)
    .allowExcessArguments(false);
}
