// Checks each package.json: how it states the versions of dependencies (docs/decisions/0041), and that
// packages are published for everyone and with provenance. `node scripts/check-manifests.js FOLDER` checks
// another repository.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { manifestFaults } from './lib/manifest-faults.js';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const read = (folder) => ({
  folder,
  manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
});

const main = read(root);
const members = main.manifest.workspaces.flatMap((pattern) => {
  const folder = join(root, pattern.replace(/\/\*$/, ''));
  const folders = pattern.endsWith('/*') ? readdirSync(folder).map((name) => join(folder, name)) : [folder];
  return folders.filter((one) => existsSync(join(one, 'package.json'))).map(read);
});
const published = members.flatMap(({ manifest }) => (manifest.private ? [] : [manifest.name]));
const faults = [main, ...members].flatMap(({ folder, manifest }) =>
  manifestFaults(manifest, published).map(
    (fault) => `${relative(root, join(folder, 'package.json')).replaceAll('\\', '/')}: ${fault}`,
  ),
);
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
