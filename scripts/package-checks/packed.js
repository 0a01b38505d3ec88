import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/packages.js';

const documents = ['README.md', 'CHANGELOG.md', 'LICENSE'];
// The tests in a template belong to whoever starts from it.
const unwanted = /^(?!templates\/).*\.test(-d)?\.|(^|\/)golden\/|\.tsbuildinfo$/;

/** Files that the tarball lacks, and files that do not belong in it. */
export function packedFaults(pkg, { files }) {
  return [
    ...needed(pkg)
      .filter((file) => !files.includes(file))
      .map((file) => `${file} is not in the tarball.`),
    ...files.filter((file) => unwanted.test(file)).map((file) => `${file} does not belong in the tarball.`),
    ...licenseFaults(pkg),
  ];
}

/** The documents of a package, and the files of its entries and its command. */
function needed({ manifest: { exports, bin = {} } }) {
  const entries = Object.values(exports).filter((target) => typeof target !== 'string');
  const files = [...entries.flatMap(Object.values), ...Object.values(bin)];
  return [...documents, ...files.map((file) => file.replace('./', ''))];
}

/** npm packs only the LICENSE in a package's folder, so each package has a copy. */
function licenseFaults(pkg) {
  const own = join(pkg.folder, 'LICENSE');
  if (!existsSync(own)) return [`Copy LICENSE to packages/${pkg.short}.`];
  const equal = readFileSync(own, 'utf8') === readFileSync(join(root, 'LICENSE'), 'utf8');
  return equal ? [] : [`packages/${pkg.short}/LICENSE differs from LICENSE.`];
}
