import { chmod, mkdir, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { KdError } from '@kd/core';
import { addonPath } from '../tensorflow/addon.js';
import { where } from './where.js';
import { compile, flags, oneDnn } from './compile.js';
import type { TfjsPackage } from './tfjs-package.js';

/**
 * Compiles the part of a package that calls TensorFlow, and links it to the libraries in `deps/lib` of a directory.
 *
 * Two files of C++ and one of ours against Node-API, whose headers come from a package of npm: neither Node's own headers nor node-gyp are needed.
 */
export async function buildAddon(compiler: string, tfjs: TfjsPackage, directory: string): Promise<void> {
  const addon = join(directory, addonPath(tfjs.napi));
  const unfinished = `${addon}.unfinished`;
  await mkdir(dirname(addon), { recursive: true, mode: 0o755 });
  const { include_dir: nodeHeaders } = createRequire(import.meta.url)('node-api-headers') as {
    readonly include_dir: string;
  };
  const args = compilerArguments({ tfjs, directory, nodeHeaders, addon: unfinished });
  const fault = await compile(compiler, args, unfinished);
  if (fault !== undefined) throw buildFault(compiler, tfjs, directory, fault);
  // Whatever the process's mask: what others can write is refused later.
  await chmod(unfinished, 0o755);
  await rename(unfinished, addon);
}

/** What the compiler is called with. */
export function compilerArguments({
  tfjs,
  directory,
  nodeHeaders,
  addon,
}: {
  tfjs: TfjsPackage;
  directory: string;
  nodeHeaders: string;
  addon: string;
}): string[] {
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(tfjs.directory, 'binding', file));
  return [
    ...[...flags, `-DNAPI_VERSION=${String(tfjs.napi)}`],
    ...[`-I${nodeHeaders}`, `-I${join(directory, 'include')}`, ...sources, oneDnn],
    ...[`-L${join(directory, 'deps/lib')}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    // Found from where the addon lies, in the package as in the cache, so that no variable of the environment has to be set.
    ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', addon],
  ];
}

function buildFault(
  compiler: string,
  { name, version }: TfjsPackage,
  directory: string,
  errors: string,
): KdError {
  return new KdError({
    code: 'KD_BUILD_FAILED',
    where,
    argument: `the binding of ${name} ${version}`,
    expected: `a source that ${compiler} compiles and links`,
    received: `from it:\n${errors}\n`,
    remedy: `Another compiler (variable CXX) or version of TensorFlow (--tensorflow) may do. What was downloaded is kept in ${JSON.stringify(directory)}, for the next run.`,
  });
}
