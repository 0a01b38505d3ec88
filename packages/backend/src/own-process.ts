import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a process of its own sent, or how it ended without an answer. */
export type Answer<T> = { readonly answer: T } | { readonly ended: string };

/**
 * Runs a script in a process of its own until it sends one message, and for so many seconds at most; then the process is killed,
 * whatever it still does.
 */
export function askProcess<T>(script: URL, args: readonly string[], seconds: number): Promise<Answer<T>> {
  const child = fork(fileURLToPath(script), args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  return new Promise((resolve) => {
    const settle = (answer: Answer<T>): void => {
      clearTimeout(limit);
      child.kill('SIGKILL');
      resolve(answer);
    };
    const limit = setTimeout(() => {
      settle({ ended: `it did not answer within ${String(seconds)} seconds` });
    }, seconds * 1000);
    child.once('message', (message) => {
      settle({ answer: message as T });
    });
    child.once('error', (error) => {
      settle({ ended: `it cannot be started: ${error.message}` });
    });
    child.once('exit', (code, signal) => {
      settle({ ended: `its process ended, ${signal ?? `code ${String(code)}`}` });
    });
  });
}
