import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorsPage, listedCodes } from './errors-page.js';

const packages = new URL('../../packages/', import.meta.url);
const lists = await listedCodes();
const names = readdirSync(packages);

/** The packages of this repository on which a package depends, directly or indirectly. */
function below(name: string, seen: Set<string> = new Set()): Set<string> {
  const { dependencies = {} } = JSON.parse(
    readFileSync(new URL(`${name}/package.json`, packages), 'utf8'),
  ) as { dependencies?: Record<string, string> };
  for (const dependency of Object.keys(dependencies)) {
    const own = /^@kd\/(.*)$/.exec(dependency)?.[1];
    if (own === undefined || seen.has(own)) continue;
    seen.add(own);
    below(own, seen);
  }
  return seen;
}

/** The codes that occur as strings in a package's sources. */
function thrownBy(name: string): string[] {
  const sources = new URL(`${name}/src/`, packages);
  const codes = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.ts$/.test(file) && !/\.test(-d)?\.ts$|^error-codes\.ts$/.test(file))
    .flatMap((file) => [
      ...readFileSync(new URL(file, sources), 'utf8').matchAll(
        /^(?!\s*\*).*?['"`](KD(?:_[A-Z]+){2,})['"`]/gm,
      ),
    ])
    .map(([, code]) => code as string);
  return [...new Set(codes)];
}

describe('the codes of errors', () => {
  it('are listed by exactly one package each, with sentences for meaning and remedy', () => {
    const all = [...lists.values()].flatMap((codes) => Object.entries(codes));
    expect(all.map(([code]) => code).sort()).toEqual([...new Set(all.map(([code]) => code))].sort());
    for (const [code, { means, remedy }] of all) {
      expect(code).toMatch(/^KD(_[A-Z]+){2,}$/);
      for (const sentence of [means, remedy]) expect(sentence, code).toMatch(/^[A-Z].*\.$/);
    }
  });

  it.each(names)('thrown by %s are listed by it or by a package on which it depends', (name) => {
    const known = [name, ...below(name)].flatMap((each) => Object.keys(lists.get(each) ?? {}));
    expect(thrownBy(name).filter((code) => !known.includes(code))).toEqual([]);
  });

  it('are each thrown somewhere', () => {
    // `optionFault` of core completes the names of its three codes.
    const thrown = new Set(names.flatMap(thrownBy));
    const options = ['KD_OPTION_TYPE', 'KD_OPTION_RANGE', 'KD_OPTION_UNKNOWN'];
    const listed = [...lists.values()].flatMap((codes) => Object.keys(codes));
    expect(listed.filter((code) => !thrown.has(code) && !options.includes(code))).toEqual([]);
  });

  it('make up docs/errors.md, which `npm run errors` writes', async () => {
    const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
    expect(page).toBe(await errorsPage());
  });
});
