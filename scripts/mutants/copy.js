import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../lib/packages.js';

/**
 * Copies the working tree to .cache, where sources can be changed: a killed run leaves no mutant elsewhere.
 */
export function makeCopy(name) {
  const folder = join(root, '.cache/mutants', name);
  rmSync(folder, { recursive: true, force: true });
  for (const file of trackedFiles()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file), { verbatimSymlinks: true });
  }
  linkPackages(folder);
  return { folder, write: (file, text) => replaceFile(join(folder, file), text) };
}

/** Includes new files that are not ignored. */
function trackedFiles() {
  const options = ['--cached', '--others', '--exclude-standard', '-z'];
  const listed = execFileSync('git', ['ls-files', ...options], { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

/** Links the workspaces of the copy; everything else is found above it, in the repository's node_modules. */
function linkPackages(folder) {
  for (const workspace of workspacesIn(folder)) {
    const { name } = readJson(join(folder, workspace, 'package.json'));
    link(join(folder, workspace), join(folder, 'node_modules', name));
    // Dependencies that npm installed only for this package, in another version than for the others.
    const own = join(root, workspace, 'node_modules');
    if (existsSync(own)) link(own, join(folder, workspace, 'node_modules'));
  }
  const missing = readdirSync(join(root, 'node_modules/@kd')).filter(
    (name) => !existsSync(join(folder, 'node_modules/@kd', name)),
  );
  // Otherwise it would be found above the copy, where nothing is mutated.
  if (missing.length > 0)
    throw new Error(
      `node_modules links to packages that no longer exist: ${missing.join(', ')}. Run npm install.`,
    );
}

/** The folders that match the patterns in package.json; each pattern names a folder or all folders in one. */
function workspacesIn(folder) {
  const { workspaces } = readJson(join(folder, 'package.json'));
  return workspaces
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      return readdirSync(join(folder, parent)).map((name) => join(parent, name));
    })
    .filter((workspace) => existsSync(join(folder, workspace, 'package.json')));
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}

function replaceFile(path, text) {
  const before = readFileSync(path, 'utf8');
  writeFileSync(path, text);
  return () => writeFileSync(path, before);
}
