import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { budgets, defaultBudget } from '../size-budgets.js';

/** Sizes of each entry of a package in bytes of minified gzip: its own code, and with the @kd packages it imports. */
export async function sizesOf(pkg) {
  const entries = Object.entries(pkg.manifest.exports).filter(([, target]) => target.default);
  return Promise.all(
    entries.map(async ([path, target]) => {
      const name = path === '.' ? pkg.name : `${pkg.name}/${path.slice(2)}`;
      const file = join(pkg.folder, target.default);
      return {
        name,
        own: await gzippedSize(file, ['@tensorflow/*', '@kd/*']),
        withKd: await gzippedSize(file, ['@tensorflow/*']),
        budget: budgets[name] ?? defaultBudget,
      };
    }),
  );
}

export function sizeFaults(sizes) {
  return sizes
    .filter(({ own, budget }) => own > budget)
    .map(
      ({ name, own, budget }) =>
        `${name} has ${own} bytes; its budget is ${budget} (scripts/size-budgets.js).`,
    );
}

async function gzippedSize(file, external) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: file.endsWith('/node.js') ? 'node' : 'browser',
    external,
    logLevel: 'silent',
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}
