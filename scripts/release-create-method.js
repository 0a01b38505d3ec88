// Before `changeset version`: releases @kd/create-method with whatever else is released, because it writes
// the versions of the other packages into new ones.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/packages.js';

const folder = join(root, '.changeset');
if (readdirSync(folder).some((file) => file.endsWith('.md')))
  writeFileSync(
    join(folder, 'versions-of-new-packages.md'),
    "---\n'@kd/create-method': patch\n---\n\nNew packages get the current versions of `@kd`.\n",
  );
