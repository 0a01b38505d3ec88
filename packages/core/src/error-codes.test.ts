import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from './error-codes.js';

const packages = join(import.meta.dirname, '../..');
const listed = Object.keys(errorCodes);

/** Codes that the sources of all packages contain as strings, with the files that do. */
const used = new Map<string, string[]>();
for (const file of readdirSync(packages, { recursive: true, encoding: 'utf8' })) {
  const path = file.replaceAll('\\', '/');
  if (!/^[^/]+\/src\/.*\.ts$/.test(path) || /\.test(-d)?\.ts$|core\/src\/error-codes\.ts$/.test(path))
    continue;
  for (const [, code] of readFileSync(join(packages, file), 'utf8').matchAll(
    /^(?!\s*\*).*?['"](KD_\w+)['"]/gm,
  )) {
    if (code !== undefined) used.set(code, [...(used.get(code) ?? []), path]);
  }
}

describe('errorCodes', () => {
  it('has codes of the form KD_<NOUN>_<FAULT>, each with a meaning and a remedy that are sentences', () => {
    for (const [code, { means, remedy }] of Object.entries(errorCodes)) {
      expect(code).toMatch(/^KD(_[A-Z]+){2,}$/);
      for (const sentence of [means, remedy]) expect(sentence, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('lists every code that a source of these packages has', () => {
    expect(used.has('KD_TENSOR_SHAPE'), 'the scan finds codes').toBe(true);
    expect([...used].filter(([code]) => !listed.includes(code))).toEqual([]);
  });

  it('lists no code that no source has', () => {
    expect(listed.filter((code) => !used.has(code))).toEqual([]);
  });

  it('is the table of the README', () => {
    const readme = readFileSync(join(packages, 'core/README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| `(KD_\w+)` +\| (.*?) +\| (.*?) +\|$/gm)].map(
      ([, ...cells]) => cells,
    );
    expect(rows).toEqual(
      Object.entries(errorCodes).map(([code, { means, remedy }]) => [code, means, remedy]),
    );
  });
});
