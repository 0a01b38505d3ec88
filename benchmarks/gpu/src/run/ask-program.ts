import { killGroup, startGroup } from './process-group.js';

/** What a program printed, or why it failed. */
export type Printed = { readonly text: string } | { readonly fault: string };

const kept = 1000;

/** Runs a program to its end, within a limit. */
export function askProgram(
  program: string,
  args: readonly string[],
  seconds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Printed> {
  const child = startGroup(program, args, env);
  const texts = { out: '', err: '' };
  child.stdin.end();
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  return new Promise((resolve) => {
    const settle = (printed: Printed): void => {
      clearTimeout(limit);
      resolve(printed);
    };
    const limit = setTimeout(() => {
      const printed = (texts.out + texts.err).trim().slice(-kept);
      const late = `no end within ${seconds.toFixed(0)} seconds`;
      settle({ fault: printed === '' ? late : `${late}; it printed: ${printed}` });
      killGroup(child);
    }, seconds * 1000);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isAbsent = error.code === 'ENOENT';
      settle({ fault: isAbsent ? `${program} is not installed` : error.message });
    });
    child.on('close', (code, signal) => {
      const fault =
        texts.err.trim() || texts.out.trim() || `it ended with ${signal ?? `code ${String(code)}`}`;
      settle(code === 0 ? { text: texts.out.trim() } : { fault: fault.slice(-kept) });
    });
  });
}
