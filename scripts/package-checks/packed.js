import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/packages.js';

const needed = ['README.md', 'CHANGELOG.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts'];
const unwanted = /\.test(-d)?\.|(^|\/)golden\/|\.tsbuildinfo$/;

/** What the tarball lacks, and what has no place in it. */
export function packedFaults(pkg, { files }) {
  return [
    ...needed.filter((file) => !files.includes(file)).map((file) => `${file} is not in the tarball.`),
    ...files.filter((file) => unwanted.test(file)).map((file) => `${file} has no place in the tarball.`),
    ...licenseFaults(pkg),
  ];
}

/** npm packs the LICENSE of a package's own folder only, so each package has a copy. */
function licenseFaults(pkg) {
  const own = join(pkg.folder, 'LICENSE');
  if (!existsSync(own)) return [`Copy LICENSE to packages/${pkg.short}.`];
  const equal = readFileSync(own, 'utf8') === readFileSync(join(root, 'LICENSE'), 'utf8');
  return equal ? [] : [`packages/${pkg.short}/LICENSE differs from LICENSE.`];
}
