import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram, tailOf } from './run-program.js';

/** How a library of C++ is compiled. */
export const flags: readonly string[] = ['-std=c++17', '-O2', '-fPIC', '-shared', '-w'];

/** Our own part of the addon. */
export const oneDnn: string = fileURLToPath(new URL('../../src/install/one-dnn.cc', import.meta.url));

const shownLines = 15;

/** Compiles; gives the end of what the compiler printed if that failed, undefined once the output is there. */
export async function compile(
  compiler: string,
  args: readonly string[],
  output: string,
  seconds?: number,
): Promise<string | undefined> {
  // An empty entry of CPATH or LIBRARY_PATH means the working directory: it is ours, and no header of the project's is met there.
  const cwd = dirname(output);
  const ending = await runProgram(compiler, args, { cwd, ...(seconds === undefined ? {} : { seconds }) });
  if (ending === undefined) return 'it cannot be run';
  if (!ending.ok) return tailOf(ending.errors, shownLines) || 'it failed and printed nothing';
  const made = await stat(output).catch(() => undefined);
  return made?.isFile() === true && made.size > 0 ? undefined : 'it ended well and wrote nothing';
}
