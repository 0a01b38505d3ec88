import { cp, mkdir } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { root } from './root.js';

// By the names under which their parents start them, beside themselves.
const entryPoints = {
  gpu: 'benchmarks/gpu/src/run/gpu.ts',
  steps: 'benchmarks/gpu/src/steps/steps-process.ts',
  doctor: 'packages/backend/src/cli.ts',
  trial: 'packages/backend/src/doctor/trial.ts',
  quickstart: 'benchmarks/quickstart/src/main.ts',
  'job-process': 'benchmarks/quickstart/src/job-process.ts',
};

/** Keeps imports of npm packages, and compiles this repository's packages into each program. */
const onlyOurs: Plugin = {
  name: 'only-ours',
  setup: (bundle) => {
    bundle.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || /^@kd[/-]/.test(path) ? undefined : { path, external: true },
    );
  },
};

/**
 * Compiles the programs of the benchmark into `folder/programs`, each to one file, and copies the peer in
 * Python. Returns the names of the npm packages that they import.
 */
export async function buildPrograms(folder: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([name, file]) => [name, join(root, file)]),
    ),
    outdir: join(folder, 'programs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@kd/source'],
    plugins: [onlyOurs],
    metafile: true,
    logLevel: 'warning',
  });
  await mkdir(join(folder, 'python'), { recursive: true });
  await cp(join(root, 'benchmarks/gpu/python/peer.py'), join(folder, 'python/peer.py'));
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const packages = imported.filter((path) => !isBuiltin(path)).map(packageOf);
  return [...new Set(packages)];
}

function packageOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}
