import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.js';

/** The backend for smoke tests: users of a package bring one. */
const computesOn = '@tensorflow/tfjs-backend-cpu';

/**
 * The smoke tests of a package: scripts/smoke/<package>.mjs uses the entries that browsers can load, or the
 * main entry of a package for Node, and scripts/smoke/<package>-node.mjs uses the entry ./node. A smoke test
 * throws if something is wrong, and ends by printing "works". A package without an entry has a command, which
 * is tested separately.
 */
export function smokesOf(pkg) {
  const smokes = [];
  if ('.' in pkg.manifest.exports) smokes.push({ file: `${pkg.short}.mjs`, bundled: !isForNode(pkg) });
  if ('./node' in pkg.manifest.exports) smokes.push({ file: `${pkg.short}-node.mjs`, bundled: false });
  return smokes.map((smoke) => ({ ...smoke, path: join(root, 'scripts/smoke', smoke.file) }));
}

/** Whether the main entry of a package needs Node. */
function isForNode(pkg) {
  return pkg.manifest.exports['.'].default.endsWith('/node.js');
}

/**
 * What a project needs from the registry to run the smoke tests of a package: the package's required peers,
 * and everything else that the smoke tests import.
 */
export function peersToInstall(pkg, smokes) {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = pkg.manifest;
  const needed = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...new Set([...needed, ...imports(smokes).filter((name) => !name.startsWith('@kd/'))])];
}

/**
 * Faults of the smoke tests themselves. Importing anything else could hide that the package does not declare
 * it.
 */
export function smokeFaults(pkg, smokes) {
  const missing = smokes.filter(({ path }) => !existsSync(path));
  if (missing.length > 0) return missing.map(({ file }) => `scripts/smoke/${file} is missing.`);
  const { dependencies = {}, peerDependencies = {} } = pkg.manifest;
  const allowed = [pkg.name, computesOn, ...Object.keys({ ...dependencies, ...peerDependencies })];
  return imports(smokes)
    .filter((name) => !allowed.includes(name))
    .map((name) => `A smoke test of ${pkg.short} imports ${name}, which the package does not declare.`);
}

/** The names of the packages that the smoke tests import, without Node's modules. */
function imports(smokes) {
  const text = smokes.map(({ path }) => readFileSync(path, 'utf8')).join('\n');
  const specifiers = [...text.matchAll(/(?:from|import) '([^'.][^']*)'/g)].map(([, specifier]) => specifier);
  return specifiers
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) => specifier.split('/').slice(0, 2).join('/'));
}
