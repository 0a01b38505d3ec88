import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const packages = new URL('../../packages/', import.meta.url);

describe.each(readdirSync(packages))('the README of %s', (name) => {
  const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, packages), 'utf8');
  const readme = read('README.md');
  const { engines, exports } = JSON.parse(read('package.json')) as {
    engines: { node: string };
    exports: Record<string, unknown>;
  };

  it('begins with the name and a description, and says how to install the package', () => {
    expect(readme).toMatch(new RegExp(`^# @kd/${name}\\n\\n\\S`));
    expect(readme).toMatch(/```sh\n(?:npm|npx) [^`]*@kd\//);
  });

  it('says which Node version it needs, and how TypeScript finds it', () => {
    const text = readme.replaceAll(/\s+/g, ' ');
    expect(text).toContain(`Node ${engines.node.replace('>=', '')} or newer`);
    if ('.' in exports) expect(text).toContain('`moduleResolution` `bundler` or `nodenext`');
  });
});
