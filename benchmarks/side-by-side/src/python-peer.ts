import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { KdError } from '@kd/core';
import { isolated } from '@kd-benchmarks/shared';
import type { Answers, Request } from './messages.js';
import type { Peer } from './peer.js';

/** Starts a module of the folder `python` in a process that answers line by line. */
export async function startPython(python: string, module: string): Promise<Peer> {
  const script = fileURLToPath(new URL('../python/peer.py', import.meta.url));
  const child = spawn(python, [isolated, '-B', script, module], { stdio: ['pipe', 'pipe', 'pipe'] });
  // What the libraries print is shown only if the process fails.
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-2000);
  });
  // A process that has died says so by the end of its answers.
  child.stdin.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    child.once('error', ({ message }) => {
      printed += message;
      resolve();
    });
    child.once('close', () => {
      resolve();
    });
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const next = (await lines.next()) as IteratorResult<string, undefined>;
    if (next.done !== true) return JSON.parse(next.value) as unknown;
    await closed;
    throw new KdError({
      code: 'KD_BUILD_FAILED',
      where: 'side-by-side',
      argument: `python/${module}.py`,
      expected: 'able to make its steps',
      received: `a process that ended with\n${printed.trim()}`,
      remedy: 'If packages are damaged, delete the folder of --environment, which is then made again.',
    });
  };
  const { about } = (await answer()) as { readonly about: string };
  return {
    about,
    ask: async <Type extends Request['type']>(request: Extract<Request, { readonly type: Type }>) => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return (await answer()) as Answers[Type];
    },
    close: () => {
      child.stdin.end();
    },
  };
}
