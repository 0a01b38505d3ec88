import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The message that a separate process sent, or how it ended without one. */
export type Answer<T> = { readonly answer: T } | { readonly ended: string };

/**
 * Runs a script in a separate process until it sends one message or the time is up; then kills the process,
 * whatever it is still doing.
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
      settle({ ended: `it did not start: ${error.message}` });
    });
    child.once('exit', (code, signal) => {
      settle({ ended: `its process ended, ${signal ?? `code ${String(code)}`}` });
    });
  });
}
