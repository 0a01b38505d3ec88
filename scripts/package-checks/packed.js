import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/packages.js';

const documents = ['README.md', 'CHANGELOG.md', 'LICENSE'];
const unwanted = /\.test(-d)?\.|(^|\/)golden\/|\.tsbuildinfo$/;

/** What the tarball lacks, and what has no place in it. */
export function packedFaults(pkg, { files }) {
  return [
    ...needed(pkg)
      .filter((file) => !files.includes(file))
      .map((file) => `${file} is not in the tarball.`),
    ...files.filter((file) => unwanted.test(file)).map((file) => `${file} has no place in the tarball.`),
    ...licenseFaults(pkg),
  ];
}

/** The documents, and what the entries and the command of a package are. */
function needed({ manifest: { exports, bin = {} } }) {
  const entries = Object.values(exports).filter((target) => typeof target !== 'string');
  const files = [...entries.flatMap(Object.values), ...Object.values(bin)];
  return [...documents, ...files.map((file) => file.replace('./', ''))];
}

/** npm packs the LICENSE of a package's own folder only, so each package has a copy. */
function licenseFaults(pkg) {
  const own = join(pkg.folder, 'LICENSE');
  if (!existsSync(own)) return [`Copy LICENSE to packages/${pkg.short}.`];
  const equal = readFileSync(own, 'utf8') === readFileSync(join(root, 'LICENSE'), 'utf8');
  return equal ? [] : [`packages/${pkg.short}/LICENSE differs from LICENSE.`];
}
