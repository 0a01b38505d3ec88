import { describe, expect, it } from 'vitest';
import { blocksOf } from './documentation-blocks.js';

const lines = (...text: string[]): string => text.join('\n');

describe('blocksOf', () => {
  it('finds the blocks of a README, with the line of their code', () => {
    const text = lines('# Title', '```ts', 'a();', '', 'b();', '```', 'words', '```ts no-run', 'c();', '```');
    expect(blocksOf('README.md', text)).toEqual([
      { file: 'README.md', line: 3, code: 'a();\n\nb();\n', runs: true },
      { file: 'README.md', line: 9, code: 'c();\n', runs: false },
    ]);
  });

  it('leaves out blocks of other languages, also those that show a ts block', () => {
    const text = lines('```sh', 'npm start', '```', '````md', '```ts', 'a();', '```', '````', '```', '```');
    expect(blocksOf('README.md', text)).toEqual([]);
  });

  it('takes the indentation of a list away', () => {
    expect(
      blocksOf('README.md', lines('- item', '  ```ts', '  if (a) {', '    b();', '  }', '  ```')),
    ).toEqual([{ file: 'README.md', line: 3, code: 'if (a) {\n  b();\n}\n', runs: true }]);
  });

  it('finds the blocks of doc comments', () => {
    const text = lines(
      '/**',
      ' * A function.',
      ' * @example',
      ' * ```ts',
      ' * a({',
      ' *   b: 1,',
      ' * });',
      ' * ```',
      ' */',
      'export const text = `',
      '```ts',
      'no();',
      '```',
      '`;',
    );
    expect(blocksOf('src/a.ts', text)).toEqual([
      { file: 'src/a.ts', line: 5, code: 'a({\n  b: 1,\n});\n', runs: true },
    ]);
  });

  it('refuses a misspelt mark', () => {
    expect(() => blocksOf('README.md', lines('', '```ts norun', '```'))).toThrow(
      'README.md:2: "ts norun" must be "ts" or "ts no-run".',
    );
  });
});
