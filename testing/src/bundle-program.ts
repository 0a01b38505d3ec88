import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

const bundles = new Map<string, Promise<string>>();

/** Keeps imports of npm packages, and bundles this repository's packages from their sources. */
const onlyOurs: Plugin = {
  name: 'only-ours',
  setup: (bundle) => {
    bundle.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@kd/') ? undefined : { path, external: true },
    );
  },
};

/**
 * Compiles a program and the sources that it imports to one module, once per test process. A process that
 * loads it starts in a quarter of the time that tsx needs to find and compile about a hundred files.
 *
 * @param code a TypeScript module
 * @param folder the folder from which its imports are resolved
 */
export function bundleProgram(code: string, folder: string): Promise<string> {
  const key = JSON.stringify([code, folder]);
  const known = bundles.get(key) ?? compile(code, folder);
  bundles.set(key, known);
  return known;
}

async function compile(code: string, folder: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder, loader: 'ts' },
    bundle: true,
    // Loads modules whose imports are unused too, like Node.
    ignoreAnnotations: true,
    treeShaking: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@kd/source'],
    plugins: [onlyOurs],
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}
