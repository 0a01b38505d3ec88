import { join } from 'node:path';
import { root } from '../lib/packages.js';
import { run } from '../lib/run.js';

/** What "are the types wrong?" finds in the tarball. The packages have ES modules only, so it looks only at these. */
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
