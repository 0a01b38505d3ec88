import { execFile } from 'node:child_process';
import { cp, lstat, readlink, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const recipes = 'benchmarks/guard/src';
const tfjsNode = 'node_modules/@tensorflow/tfjs-node';

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Whether tfjs-node is built in a checkout. */
export const hasNative = (root: string): Promise<boolean> => exists(join(root, tfjsNode, 'lib'));

/** The full hash of a commit. */
export async function commitOf(root: string, name: string): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--verify', `${name}^{commit}`], { cwd: root });
  return stdout.trim();
}

/**
 * Makes a worktree of a commit that is ready to train, unless the folder exists. It has its packages, the
 * repository's build of TensorFlow, and the current recipes if the commit has none.
 */
export async function checkoutOf(root: string, commit: string, folder: string): Promise<string> {
  const checkout = join(folder, commit.slice(0, 12));
  if (!(await exists(join(checkout, 'package.json')))) {
    // With --force, because git remembers worktrees whose folder was deleted.
    await run('git', ['worktree', 'add', '--force', '--detach', checkout, commit], { cwd: root });
  }
  if (!(await exists(join(checkout, 'node_modules/.package-lock.json')))) {
    console.log(`Installing the packages of ${commit.slice(0, 12)} into ${checkout} ...`);
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    await run(npm, ['ci', '--include=dev', '--prefer-offline', '--no-audit', '--no-fund'], {
      cwd: checkout,
      maxBuffer: 2 ** 26,
    });
  }
  await linkNative(root, checkout);
  const hasRecipes = await run('git', ['cat-file', '-e', `${commit}:${recipes}/run-one.ts`], {
    cwd: root,
  }).then(
    () => true,
    () => false,
  );
  if (!hasRecipes) {
    await rm(join(checkout, recipes), { recursive: true, force: true });
    await cp(join(root, recipes), join(checkout, recipes), { recursive: true });
  }
  return checkout;
}

/** Links both sides to one build of TensorFlow, which lies outside of either. */
async function linkNative(root: string, checkout: string): Promise<void> {
  for (const name of ['deps', 'lib']) {
    const link = join(root, tfjsNode, name);
    const isLink = await lstat(link).then(
      (found) => found.isSymbolicLink(),
      () => false,
    );
    if (!isLink || (await exists(join(checkout, tfjsNode, name)))) continue;
    await rm(join(checkout, tfjsNode, name), { recursive: true, force: true });
    await symlink(await readlink(link), join(checkout, tfjsNode, name));
  }
}
