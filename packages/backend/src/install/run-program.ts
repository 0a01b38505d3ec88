import { spawn } from 'node:child_process';
import type { ChildProcessByStdio, SpawnOptionsWithStdioTuple } from 'node:child_process';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { trustedPath } from './trusted-path.js';

/** How a program ended, with what it printed; undefined if there is no such program. */
export type Ending = { readonly ok: boolean; readonly output: string; readonly errors: string } | undefined;

/** How a program is run. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Its working directory. Default: ours. */
  readonly cwd?: string;
  /** After how many seconds it is killed. Default: never. */
  readonly seconds?: number;
  /** Is given what it prints to its standard output, as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a program without a shell. A bare name is looked for where only the user puts programs. */
export function runProgram(
  program: string,
  args: readonly string[],
  { env = process.env, cwd, seconds, onOutput = () => undefined }: RunOptions = {},
): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawned(program, args, {
      env: { ...env, PATH: trustedPath(env['PATH']) },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    });
    if (child === undefined) {
      resolve(undefined);
      return;
    }
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    // That of spawn's own option would go on, and keep us alive, where there is no such program.
    const limit =
      seconds === undefined
        ? undefined
        : setTimeout(() => {
            child.kill('SIGKILL');
            // Programs that it started in turn may hold these.
            for (const stream of [child.stdout, child.stderr]) stream.destroy();
          }, seconds * 1000);
    // Not found, or not executable.
    child.once('error', () => {
      clearTimeout(limit);
      resolve(undefined);
    });
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ ok: code === 0, output, errors });
    });
  });
}

type Options = SpawnOptionsWithStdioTuple<'ignore', 'pipe', 'pipe'>;

// Some faults of a path are thrown, others come as an event: a path that leads through a file, or is empty, or too long.
function spawned(
  program: string,
  args: readonly string[],
  options: Options,
): ChildProcessByStdio<null, Readable, Readable> | undefined {
  try {
    return spawn(program, args, options);
  } catch {
    return undefined;
  }
}

/** The last lines of what a program printed, for an error. */
export function tailOf(text: string, lines: number): string {
  return text
    .trim()
    .split('\n')
    .slice(-lines)
    .map((line) => (line.length > 300 ? `${line.slice(0, 300)}...` : line))
    .join('\n');
}
