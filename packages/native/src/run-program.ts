import { execFile } from 'node:child_process';
import { delimiter, isAbsolute, join } from 'node:path';
import process from 'node:process';

/** How a program ended, with what it printed; undefined if there is no such program. */
export type Ending = { readonly ok: boolean; readonly output: string; readonly errors: string } | undefined;

/** How a program is run. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Its working directory. Default: ours. */
  readonly cwd?: string | undefined;
  /** After how many seconds it is killed. Default: never. */
  readonly seconds?: number | undefined;
  /** Receives what it prints to its standard output, as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a program without a shell. A bare name is looked for where only the user puts programs. */
export function runProgram(
  program: string,
  args: readonly string[],
  { env = process.env, cwd, seconds = 0, onOutput = () => undefined }: RunOptions = {},
): Promise<Ending> {
  const options = {
    env: { ...env, PATH: trustedPath(env['PATH']) },
    cwd,
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: Infinity,
  } as const;
  return new Promise((resolve) => {
    // Some faults of a path are thrown, others come to the callback: a path that leads through a file, or is empty, or too long.
    try {
      const child = execFile(program, args, options, (error, output, errors) => {
        const isStarted = typeof error?.code !== 'string';
        resolve(isStarted ? { ok: error === null, output, errors } : undefined);
      });
      child.stdin?.end();
      child.stdout?.on('data', onOutput);
    } catch {
      resolve(undefined);
    }
  });
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

/**
 * A PATH without the folders whose programs strangers bring; undefined if none is left.
 *
 * These are the working directory, which an empty or relative entry means, and `node_modules/.bin`, which npx puts in front: a
 * dependency may call a program of its own `g++`, `as` or `python3`.
 */
export function trustedPath(path = ''): string | undefined {
  const ofPackages = join('node_modules', '.bin');
  const isTrusted = (folder: string): boolean =>
    isAbsolute(folder) && !join(folder, '.').endsWith(ofPackages);
  const folders = path.split(delimiter).filter(isTrusted);
  return folders.length === 0 ? undefined : folders.join(delimiter);
}
