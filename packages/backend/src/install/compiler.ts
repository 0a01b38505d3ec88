import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { KdError } from '@kd/core';
import { compile, flags, oneDnn } from './compile.js';
import { where } from './where.js';
import { runProgram } from './run-program.js';

const secondsForVersion = 60;
const secondsForTrial = 120;

/** The program of a C++ compiler: that of the environment variable CXX, or the first there is. Throws `KD_COMPILER_MISSING`. */
export async function findCompiler({ CXX: chosen }: NodeJS.ProcessEnv): Promise<string> {
  const candidates = chosen === undefined || chosen === '' ? ['g++', 'c++', 'clang++'] : [asFound(chosen)];
  for (const program of candidates) {
    const ending = await runProgram(program, ['--version'], { seconds: secondsForVersion });
    if (ending?.ok === true) return program;
  }
  throw new KdError({
    code: 'KD_COMPILER_MISSING',
    where,
    argument: candidates.join(', '),
    expected: 'a C++ compiler, which builds the part of tfjs-node that calls TensorFlow',
    received: 'no such program',
    remedy:
      'Install one (Debian: apt-get install g++; Fedora: dnf install gcc-c++), or name one in the variable CXX.',
  });
}

// It is called in another directory.
function asFound(program: string): string {
  return program.includes('/') ? resolve(program) : program;
}

/** Compiles a small file in a directory, before anything is downloaded for this compiler. Throws `KD_BUILD_FAILED`. */
export async function tryCompiler(compiler: string, directory: string): Promise<void> {
  const output = join(directory, 'trial.so');
  const fault = await compile(compiler, [...flags, oneDnn, '-o', output], output, secondsForTrial);
  await rm(output, { force: true });
  if (fault === undefined) return;
  throw new KdError({
    code: 'KD_BUILD_FAILED',
    where,
    argument: 'a library of one small file',
    expected: `one that ${compiler} compiles and links`,
    received: `from it:\n${fault}\n`,
    remedy: 'Repair the compiler, or name another one in the variable CXX.',
  });
}
