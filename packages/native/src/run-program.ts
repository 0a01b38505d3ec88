import { execFile } from 'node:child_process';
import { delimiter, isAbsolute, join } from 'node:path';
import process from 'node:process';

/** How a program ended, and what it printed; undefined if the program does not exist. */
export type Ending = { readonly ok: boolean; readonly output: string; readonly errors: string } | undefined;

/** How to run a program. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Its working directory. Default: the current one. */
  readonly cwd?: string | undefined;
  /** Timeout in seconds, after which it is killed. Default: none. */
  readonly seconds?: number | undefined;
  /** Receives its standard output as it arrives. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a program without a shell. A bare name is searched only in folders that the user controls. */
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
    // If the path leads through a file, is empty or is too long, Node either throws or calls back with the
    // error.
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

/** The last lines of a program's output, for an error. */
export function tailOf(text: string, lines: number): string {
  return text
    .trim()
    .split('\n')
    .slice(-lines)
    .map((line) => (line.length > 300 ? `${line.slice(0, 300)}...` : line))
    .join('\n');
}

/**
 * PATH without the folders that other people's packages fill; undefined if none remains.
 *
 * Those are the working directory, which an empty or relative entry means, and `node_modules/.bin`, which npx
 * puts first. A dependency may name a program of its own `g++`, `as` or `python3`.
 */
export function trustedPath(path = ''): string | undefined {
  const ofPackages = join('node_modules', '.bin');
  const isTrusted = (folder: string): boolean =>
    isAbsolute(folder) && !join(folder, '.').endsWith(ofPackages);
  const folders = path.split(delimiter).filter(isTrusted);
  return folders.length === 0 ? undefined : folders.join(delimiter);
}
