import { createHash } from 'node:crypto';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { KdError } from '@kd/core';
import { runProgram } from './run-program.js';

/** Keeps modules of the working directory and of PYTHONPATH from replacing Python's. */
export const isolated = '-I';

const version = 'import sys; print(*sys.version_info[:2])';

/** Which environment to create, and what messages about it say. */
export interface EnvironmentParts {
  readonly folder: string;
  /** A requirements file of pip. */
  readonly requirements: string;
  /** The Python that creates the environment, 3.11 or newer. */
  readonly python: string;
  /** The packages, in words. */
  readonly contents: string;
  /** The benchmark that needs them. */
  readonly where: string;
  /** What else helps, as a sentence; may be empty. */
  readonly instead: string;
}

/**
 * Creates a virtual environment with the packages of a requirements file, unless it exists; returns the path
 * of its Python.
 */
export async function environmentOf(parts: EnvironmentParts, signal: AbortSignal): Promise<string> {
  const { folder, requirements, python, contents, where, instead } = parts;
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const inside = join(
    folder,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const ready = join(folder, `ready-${wanted.slice(0, 12)}`);
  if (await exists(ready)) return inside;
  await checkPython(parts, signal);
  console.log(`Installing ${contents} into ${folder}; this takes minutes, the first time only ...`);
  const made = await runProgram(python, [isolated, '-m', 'venv', '--clear', folder], signal);
  if (made.code !== 0) {
    throw new KdError({
      code: 'KD_PIP_MISSING',
      where,
      argument: `${python} -m venv`,
      expected: 'able to create a virtual environment with pip',
      received: made.text.trim().split('\n')[0] || `exit code ${String(made.code)} without output`,
      remedy: `On Debian and Ubuntu: apt-get install python3-venv. ${instead}`.trim(),
    });
  }
  const pip = [isolated, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const installed = await runProgram(inside, [...pip, '--requirement', requirements], signal);
  if (installed.code !== 0) {
    throw new KdError({
      code: 'KD_DOWNLOAD_FAILED',
      where,
      argument: 'pip install',
      expected: `able to install ${requirements}`,
      received:
        installed.text.trim().split('\n').at(-1) || `exit code ${String(installed.code)} without output`,
      remedy:
        `Check the network and the settings of pip, and whether these versions exist for your Python. ${instead}`.trim(),
    });
  }
  await writeFile(ready, '');
  return inside;
}

/** Throws `KD_PYTHON_MISSING` unless the program is a Python that meets the requirements. */
async function checkPython({ python, where, instead }: EnvironmentParts, signal: AbortSignal): Promise<void> {
  const { code, text } = await runProgram(python, [isolated, '-c', version], signal);
  const [major = 0, minor = 0] = text.trim().split(' ').map(Number);
  if (code === 0 && major === 3 && minor >= 11) return;
  throw new KdError({
    code: 'KD_PYTHON_MISSING',
    where,
    argument: '--python',
    expected: 'a Python of version 3.11 or newer',
    received: `${JSON.stringify(python)}, which ${code === 0 ? `is ${text.trim().replace(' ', '.')}` : 'does not run'}`,
    remedy: `Install Python 3.11 or newer, or pass its path: --python /path/to/python3. ${instead}`.trim(),
  });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
