import { KdError } from '@kd/core';
import { where } from './where.js';
import { runProgram } from './run-program.js';

/** The program of a C++ compiler: that of the environment variable CXX, or the first there is. Throws `KD_COMPILER_MISSING`. */
export async function findCompiler({ CXX: chosen }: NodeJS.ProcessEnv): Promise<string> {
  const candidates = chosen === undefined || chosen === '' ? ['g++', 'c++', 'clang++'] : [chosen];
  for (const program of candidates) {
    const ending = await runProgram(program, ['--version']);
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
