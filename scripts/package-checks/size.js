import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { budgets, defaultBudget, singleExports } from '../size-budgets.js';

/**
 * Sizes of each entry of a package in bytes, minified and gzipped: its own code, and with the @kd packages it
 * imports.
 */
export async function sizesOf(pkg) {
  const entries = Object.entries(pkg.manifest.exports).filter(([, target]) => target.default);
  const peers = Object.keys(pkg.manifest.peerDependencies ?? {});
  const whole = entries.map(async ([path, target]) => {
    const name = path === '.' ? pkg.name : `${pkg.name}/${path.slice(2)}`;
    const file = join(pkg.folder, target.default);
    return {
      name,
      own: await gzippedSize(file, ['@tensorflow/*', '@kd/*', ...peers]),
      withKd: await gzippedSize(file, ['@tensorflow/*', ...peers]),
      budget: budgets[name] ?? defaultBudget,
    };
  });
  const single = Object.entries(singleExports[pkg.name] ?? {}).map(async ([name, budget]) => {
    const size = await sizeOfExport(pkg, name);
    return { name: `{ ${name} } of ${pkg.name}`, own: size, withKd: size, budget };
  });
  return Promise.all([...whole, ...single]);
}

export function sizeFaults(sizes) {
  return sizes
    .filter(({ own, budget }) => own > budget)
    .map(
      ({ name, own, budget }) =>
        `${name} has ${own} bytes; its budget is ${budget} (scripts/size-budgets.js).`,
    );
}

const minified = { bundle: true, minify: true, write: false, format: 'esm', logLevel: 'silent' };

function gzippedSize(file, external) {
  const platform = /\/node(-test)?\.js$/.test(file) ? 'node' : 'browser';
  return sizeOf({ entryPoints: [file], platform, external });
}

function sizeOfExport({ name, folder }, exported) {
  const stdin = { contents: `export { ${exported} } from '${name}'`, resolveDir: folder };
  return sizeOf({ stdin, platform: 'browser', external: ['@tensorflow/*'] });
}

async function sizeOf(options) {
  const { outputFiles } = await build({ ...minified, ...options });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}
