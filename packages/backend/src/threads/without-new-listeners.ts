import { AsyncLocalStorage } from 'node:async_hooks';
import process from 'node:process';

type Listener = (...values: unknown[]) => void;

const events = ['uncaughtException', 'unhandledRejection'];

/**
 * Runs `body`, then removes the listeners for uncaught errors that it added to the process, and no others.
 *
 * The one-threaded build of wasm adds two that rethrow whatever is thrown. They would end a program that
 * handles its own errors, and print the line that rethrows, which is the whole backend. The asynchronous
 * context tells what `body` adds from what the program adds meanwhile.
 */
export async function withoutNewListeners<T>(body: () => Promise<T>): Promise<T> {
  const inBody = new AsyncLocalStorage<true>();
  const added: (readonly [string, Listener])[] = [];
  const note = (event: string | symbol, listener: Listener): void => {
    if (inBody.getStore() === true && events.includes(String(event))) added.push([String(event), listener]);
  };
  process.on('newListener', note);
  try {
    return await inBody.run(true, body);
  } finally {
    process.off('newListener', note);
    for (const [event, listener] of added) process.off(event, listener);
  }
}
