import { join } from 'node:path';
import { root } from '../lib/packages.js';
import { run } from '../lib/run.js';

/**
 * Findings of "are the types wrong?" in the tarball. It checks only ES modules, because the packages have
 * nothing else.
 */
export async function typesFaults({ tarball }) {
  const attw = join(root, 'node_modules/.bin/attw');
  const options =
    '--profile esm-only --no-definitely-typed --format ascii --no-summary --no-color --no-emoji';
  try {
    await run(attw, [tarball, ...options.split(' ')]);
    return [];
  } catch (error) {
    return [`are-the-types-wrong: ${error.message}`];
  }
}
