import { spawn } from 'node:child_process';

/** How a program ended, with what it printed; undefined if there is no such program. */
export type Ending = { readonly ok: boolean; readonly output: string; readonly errors: string } | undefined;

/** Runs a program without a shell; `onOutput` is given what it prints to its standard output, as it comes. */
export function runProgram(
  program: string,
  args: readonly string[],
  {
    env = process.env,
    onOutput = () => undefined,
  }: { env?: NodeJS.ProcessEnv; onOutput?: (text: string) => void } = {},
): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      onOutput(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    // Not found, or not executable.
    child.once('error', () => {
      resolve(undefined);
    });
    child.once('close', (code) => {
      resolve({ ok: code === 0, output, errors });
    });
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
