import { execFile, spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Peer } from './peer.js';

const run = promisify(execFile);

/**
 * Creates a Python virtual environment with PyTorch in a folder, unless it exists; returns the path of its
 * Python.
 */
export async function pythonWithTorch(folder: string, python = 'python3'): Promise<string> {
  const inside = join(folder, 'bin', 'python');
  const isThere = await access(join(folder, 'ready')).then(
    () => true,
    () => false,
  );
  if (isThere) return inside;
  console.log(`Installing PyTorch into ${folder}; this takes a few minutes, the first time only ...`);
  // -I, isolated: modules of the working directory and of PYTHONPATH do not replace Python's.
  await run(python, ['-I', '-m', 'venv', '--clear', folder]);
  await run(inside, ['-I', '-m', 'pip', 'install', '--quiet', 'torch', 'numpy'], { maxBuffer: 2 ** 26 });
  await run(inside, [
    '-I',
    '-c',
    `import torch; open(${JSON.stringify(join(folder, 'ready'))}, 'w').close()`,
  ]);
  return inside;
}

/** Starts PyTorch in a separate process. */
export async function startPython(python: string): Promise<Peer> {
  const script = fileURLToPath(new URL('../python/peer.py', import.meta.url));
  const child = spawn(python, ['-I', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const next = (await lines.next()) as IteratorResult<string, undefined>;
    if (next.done === true) throw new Error('The PyTorch process ended.');
    return JSON.parse(next.value) as Record<string, unknown>;
  };
  const { version, threads } = await answer();
  return {
    name: 'torch',
    about: `PyTorch ${String(version)}, ${String(threads)} threads`,
    time: async (work, steps) => {
      child.stdin.write(`${JSON.stringify({ work, steps })}\n`);
      return (await answer())['milliseconds'] as number[];
    },
    close: () => {
      child.stdin.end();
    },
  };
}
