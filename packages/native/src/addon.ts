import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fault } from './faults.js';
import { runProgram, tailOf } from './run-program.js';
import type { TfjsPackage } from './tfjs-package.js';

const secondsForVersion = 60;
const secondsForTrial = 120;
const shownLines = 15;
const flags = ['-std=c++17', '-O2', '-fPIC', '-shared', '-w'];
// Our own parts of the addon. The last one includes the package's `tfjs_binding.cc`, and takes its place.
const oneDnn = fileURLToPath(new URL('../src/one-dnn.cc', import.meta.url));
const lossOperations = fileURLToPath(new URL('../src/loss-operations.cc', import.meta.url));
const stepFunctions = fileURLToPath(new URL('../src/step-functions.cc', import.meta.url));

/** Changes whenever our own parts of the addon do. */
export function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const file of [oneDnn, lossOperations, stepFunctions]) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 8);
}

/**
 * The C++ compiler: the program in the environment variable CXX, or the first one found. Throws
 * `KD_COMPILER_MISSING`.
 */
export async function findCompiler({ CXX: chosen }: NodeJS.ProcessEnv): Promise<string> {
  const candidates = chosen === undefined || chosen === '' ? ['g++', 'c++', 'clang++'] : [asFound(chosen)];
  for (const program of candidates) {
    const ending = await runProgram(program, ['--version'], { seconds: secondsForVersion });
    if (ending?.ok === true) return program;
  }
  throw fault({
    code: 'KD_COMPILER_MISSING',
    argument: candidates.join(', '),
    expected: 'a C++ compiler, to build the part of tfjs-node that calls TensorFlow',
    received: 'no such program',
    remedy:
      'Install one (Debian: apt-get install g++; Fedora: dnf install gcc-c++), or name one in the environment variable CXX.',
  });
}

// The compiler runs in another directory.
function asFound(program: string): string {
  return program.includes('/') ? resolve(program) : program;
}

/**
 * Compiles a small file in a directory, before anything is downloaded for this compiler. Throws
 * `KD_BUILD_FAILED`.
 */
export async function tryCompiler(compiler: string, directory: string): Promise<void> {
  const output = join(directory, 'trial.so');
  const errors = await compile(compiler, [...flags, oneDnn, '-o', output], output, secondsForTrial);
  await rm(output, { force: true });
  if (errors === undefined) return;
  throw fault({
    code: 'KD_BUILD_FAILED',
    argument: 'a library of one small file',
    expected: `a file that ${compiler} compiles and links`,
    received: `this output of the compiler:\n${errors}\n`,
    remedy: 'Repair the compiler, or name another one in the environment variable CXX.',
  });
}

/**
 * Compiles the part of a package that calls TensorFlow, and links it to the libraries in `deps/lib` in a
 * directory.
 *
 * It compiles the C++ files of the package and ours against Node-API, whose headers come from an npm package.
 * It needs neither Node's own headers nor node-gyp. Throws `KD_BUILD_FAILED`.
 */
export async function buildAddon(compiler: string, tfjs: TfjsPackage, directory: string): Promise<void> {
  const addon = join(directory, `lib/napi-v${String(tfjs.napi)}/tfjs_binding.node`);
  const unfinished = `${addon}.unfinished`;
  await mkdir(dirname(addon), { recursive: true, mode: 0o755 });
  const errors = await compile(compiler, compilerArguments(tfjs, directory, unfinished), unfinished);
  if (errors !== undefined)
    throw fault({
      code: 'KD_BUILD_FAILED',
      argument: `the binding of ${tfjs.name} ${tfjs.version}`,
      expected: `a source that ${compiler} compiles and links`,
      received: `this output of the compiler:\n${errors}\n`,
      remedy: `Try another compiler (environment variable CXX) or another version of TensorFlow (--tensorflow). The downloads are kept in ${JSON.stringify(directory)} for the next run.`,
    });
  // Ignores the umask, because files that others can write are refused later.
  await chmod(unfinished, 0o755);
  await rename(unfinished, addon);
}

function compilerArguments(tfjs: TfjsPackage, directory: string, addon: string): string[] {
  const { include_dir: nodeHeaders } = createRequire(import.meta.url)('node-api-headers') as {
    readonly include_dir: string;
  };
  const binding = join(tfjs.directory, 'binding');
  const sources = [join(binding, 'tfjs_backend.cc'), stepFunctions, lossOperations, oneDnn];
  return [
    ...[...flags, `-DNAPI_VERSION=${String(tfjs.napi)}`],
    ...[`-I${nodeHeaders}`, `-I${join(directory, 'include')}`, `-I${binding}`, ...sources],
    ...[`-L${join(directory, 'deps/lib')}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    // Paths relative to the addon, valid in the package and in the cache, so that no environment variable has
    // to be set.
    ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', addon],
  ];
}

/** Compiles; returns the end of the compiler's output if that failed, undefined on success. */
async function compile(
  compiler: string,
  args: readonly string[],
  output: string,
  seconds?: number,
): Promise<string | undefined> {
  // In CPATH or LIBRARY_PATH an empty entry means the working directory, which is ours and holds no headers
  // of the project.
  const cwd = dirname(output);
  const ending = await runProgram(compiler, args, { cwd, seconds });
  if (ending === undefined) return 'it does not run';
  if (!ending.ok) return tailOf(ending.errors, shownLines) || 'it failed and printed nothing';
  const made = await stat(output).catch(() => undefined);
  return made?.isFile() === true && made.size > 0 ? undefined : 'it ended well and wrote nothing';
}
