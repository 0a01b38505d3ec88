// Runs `npm ci` if node_modules is missing or does not match package-lock.json, so that `npm start` and
// `npm test` work in a fresh clone. It needs no dependencies, because nothing is installed yet when it runs.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const oldestNode = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
  stop(
    `Node ${oldestNode.join('.')} or newer is needed; this is Node ${process.versions.node}.`,
    'Install a newer one, for example with `nvm install 22`, and run the same command again.',
  );
}

if (!installedFitsLock()) {
  console.error('node_modules is missing or does not match package-lock.json: running `npm ci`.');
  const { status, error } = spawnSync('npm', ['ci', '--include=dev'], {
    cwd: root,
    stdio: 'inherit',
    // On Windows npm is npm.cmd, which only a shell finds.
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    stop(
      `\`npm ci\` failed${error ? `: ${error.message}` : ` with exit code ${String(status)}`}.`,
      'See its message above. Check that the package registry is reachable (`npm ping`), then run `npm ci`.',
    );
  }
}

/**
 * npm writes node_modules/.package-lock.json when an installation is complete, so it lists exactly what is
 * installed.
 */
function installedFitsLock() {
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    // Optional packages are often for other platforms; workspaces are listed by their links.
    if (!path.includes('node_modules/') || entry.optional || entry.devOptional) return true;
    const there = installed[path];
    return there !== undefined && there.version === entry.version && there.integrity === entry.integrity;
  });
}

/** The packages in a lock file by path; undefined if the file is missing or truncated. */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function stop(problem, remedy) {
  console.error(`\n${problem}\n${remedy}`);
  process.exit(1);
}
