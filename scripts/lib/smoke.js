import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.js';

/** What a smoke computes on; whoever uses a package brings a backend. */
const computesOn = '@tensorflow/tfjs-backend-cpu';

/**
 * The smokes of a package: scripts/smoke/<package>.mjs uses its entries that browsers can load, or the main entry of a package for Node,
 * and scripts/smoke/<package>-node.mjs its entry ./node. A smoke throws if something is wrong, and prints "works" at its end. A package
 * without an entry has a command, which is tried for itself.
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
 * What a project that runs the smokes of a package installs from the registry: the peers that the package cannot do without,
 * and what the smokes import beside it.
 */
export function peersToInstall(pkg, smokes) {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = pkg.manifest;
  const needed = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...new Set([...needed, ...imports(smokes).filter((name) => !name.startsWith('@kd/'))])];
}

/** What is wrong with the smokes themselves. An import of something else could hide that the package does not declare it. */
export function smokeFaults(pkg, smokes) {
  const missing = smokes.filter(({ path }) => !existsSync(path));
  if (missing.length > 0) return missing.map(({ file }) => `scripts/smoke/${file} is missing.`);
  const { dependencies = {}, peerDependencies = {} } = pkg.manifest;
  const allowed = [pkg.name, computesOn, ...Object.keys({ ...dependencies, ...peerDependencies })];
  return imports(smokes)
    .filter((name) => !allowed.includes(name))
    .map((name) => `A smoke of ${pkg.short} imports ${name}, which it does not declare.`);
}

/** The names of the packages that the smokes import; not those of Node's modules. */
function imports(smokes) {
  const text = smokes.map(({ path }) => readFileSync(path, 'utf8')).join('\n');
  const specifiers = [...text.matchAll(/(?:from|import) '([^'.][^']*)'/g)].map(([, specifier]) => specifier);
  return specifiers
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) => specifier.split('/').slice(0, 2).join('/'));
}
