import type { BackendName } from '@kd/backend/node';
import { Command, InvalidArgumentError, Option } from 'commander';

/** The options that every experiment has. */
export interface ExperimentFlags {
  /** Absent: the fastest installed backend. */
  readonly backend?: BackendName;
  /** Folder for the results. */
  readonly out: string;
}

/** The command line of an experiment, with `--backend` and `--out`; the experiment adds its options. */
export function experimentCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(
      new Option('--backend <name>', 'backend (default: the fastest one installed)').choices([
        'tensorflow',
        'webgpu',
        'wasm',
        'cpu',
      ]),
    )
    .option('--out <folder>', 'folder for the results', `runs/${name}`)
    .allowExcessArguments(false);
}

/** Reads a whole number in a range from the command line. */
export function whole(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(
      `It must be a whole number from ${String(minimum)} to ${String(maximum)}.`,
    );
  };
}

/** Reads a list of such numbers, such as "3,5,7". */
export function wholeList(minimum: number, maximum: number): (text: string) => number[] {
  return (text) => text.split(',').map(whole(minimum, maximum));
}

/** Reads a number above 0 from the command line. */
export function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** Reads a number above 0 and below 1 from the command line. */
export function share(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('It must be a number above 0 and below 1.');
}

/** Reads one of some names from the command line. */
export function oneOf<Name extends string>(names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const name = names.find((one) => one === text);
    if (name !== undefined) return name;
    throw new InvalidArgumentError(`It must be one of ${names.join(', ')}.`);
  };
}
