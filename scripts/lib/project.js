import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './packages.js';
import { run } from './run.js';

const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Creates a folder with an empty project. */
export function makeProject(folder) {
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'project', private: true, type: 'module' }),
  );
}

/** Installs tarballs in a project, and registry packages in the versions that this repository uses. */
export async function install(project, tarballs, names) {
  const versioned = names.map((name) => `${name}@${devDependencies[name]}`);
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs, ...versioned], {
    cwd: project,
  });
}
