import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filesUnder, root } from './documentation-files.js';

// Models that a test loads are no values.
const models = ['teacher/graph-model'];

it('has a row for every file of reference values, and for no other', () => {
  const table = readFileSync(`${root}/docs/reference-values.md`, 'utf8');
  const rows = Array.from(table.matchAll(/^\| ([\w-]+\/[\w-]+) /gm), ([, name]) => name);
  const files = filesUnder('packages').flatMap((file) => {
    const [, packaged, name] = /^packages\/([^/]+)\/src\/golden\/([^/]+)\.json$/.exec(file) ?? [];
    return packaged === undefined || name === undefined ? [] : [`${packaged}/${name}`];
  });
  expect(rows).toEqual(files.filter((file) => !models.includes(file)).sort());
});
