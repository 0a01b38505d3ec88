import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

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
