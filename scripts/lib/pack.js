import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './packages.js';
import { run } from './run.js';

/**
 * Creates an empty folder outside the repository, so that nothing in it finds the repository's node_modules.
 */
export function temporaryFolder() {
  return mkdtempSync(join(tmpdir(), 'kd-'));
}

/**
 * Builds packages and their dependencies with turbo, which skips what has not changed. Ends the program on
 * failure.
 */
export function build(packages) {
  const filters = packages.map(({ name }) => `--filter=${name}`);
  const { status } = spawnSync('npx', ['turbo', 'run', 'build', '--output-logs=errors-only', ...filters], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) {
    console.error('\nThe build failed, so there is nothing to check.');
    process.exit(1);
  }
}

/**
 * Packs packages as `npm publish` would; returns by package name the tarball's path and the paths of the
 * files in it.
 */
export async function pack(packages, destination) {
  const workspaces = packages.flatMap(({ name }) => ['--workspace', name]);
  const json = await run('npm', ['pack', '--json', '--pack-destination', destination, ...workspaces], {
    cwd: root,
  });
  const packed = JSON.parse(json).map(({ name, filename, files }) => [
    name,
    { tarball: join(destination, filename), files: files.map(({ path }) => path) },
  ]);
  return new Map(packed);
}
