import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectKdError } from '@kd/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMethod } from './create-method.js';
import { kinds } from './template.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kd-create-'));
});
afterEach(() => rm(folder, { recursive: true }));

const manifestOf = async (name: string): Promise<Record<string, Record<string, string>>> =>
  JSON.parse(await readFile(join(folder, name, 'package.json'), 'utf8')) as never;

describe.each(kinds)('a package of kind %s', (kind) => {
  const read = async (name: string, files: readonly string[]): Promise<Map<string, string>> =>
    new Map(
      await Promise.all(
        files.map(async (file) => [file, await readFile(join(folder, name, file), 'utf8')] as const),
      ),
    );

  it('has the same bytes whenever it is written, and nothing but names of its own', async () => {
    const first = await createMethod({ name: '@me/kd-two-stage-loss', kind }, folder);
    const one = await read('kd-two-stage-loss', first.files);
    await rm(join(folder, 'kd-two-stage-loss'), { recursive: true });
    const second = await createMethod({ name: '@me/kd-two-stage-loss', kind }, folder);
    expect(await read('kd-two-stage-loss', second.files)).toEqual(one);
    const text = [...one].flat().join('\n');
    expect(text).not.toMatch(/my.?method|@author|\(c\) year|\r/i);
    expect(text).toContain("from '@me/kd-two-stage-loss'");
    expect(one.get('src/index.ts')).toContain("export { twoStageLoss } from './two-stage-loss.js';");
    expect(one.get('src/two-stage.ts')).toContain('export function twoStage(options: TwoStageOptions');
    expect(one.get('LICENSE')).toMatch(
      /^MIT License\n\nCopyright \(c\) \d{4} The @me\/kd-two-stage-loss authors/,
    );
  });

  it('declares what its code and its README import', async () => {
    const { files } = await createMethod({ name: 'wttm', kind }, folder);
    const texts = await read('wttm', files);
    const code = [...texts].filter(([path]) => /\.(ts|md)$/.test(path)).map(([, text]) => text);
    const imported = [...code.join('\n').matchAll(/(?:from|import) '((?:@[^/']+\/)?[^'./][^'/]*)/g)]
      .map(([, name]) => name as string)
      .filter((name) => !name.startsWith('node:') && name !== 'wttm');
    const { devDependencies = {}, peerDependencies = {} } = await manifestOf('wttm');
    expect(imported.filter((name) => !(name in devDependencies))).toEqual([]);
    expect(Object.keys(peerDependencies)).toEqual(['@kd/core', '@tensorflow/tfjs-core']);
    // Only npm's own scripts may come with it: others block `pnpm install` until they are allowed.
    expect(Object.keys(devDependencies).filter((name) => !imported.includes(name))).toEqual([
      '@types/node',
      'typescript',
    ]);
  });
});

it('states ranges that the packages of this repository satisfy, and its TypeScript', async () => {
  await createMethod({ name: 'wttm', kind: 'logits' }, folder);
  const { devDependencies = {}, peerDependencies } = await manifestOf('wttm');
  const root = new URL('../../../', import.meta.url);
  const read = async (file: string): Promise<Record<string, never>> =>
    JSON.parse(await readFile(new URL(file, root), 'utf8')) as never;
  for (const [name, range] of Object.entries({ ...devDependencies, ...peerDependencies })) {
    const { version } = name.startsWith('@kd/')
      ? await read(`packages/${name.slice('@kd/'.length)}/package.json`)
      : { version: (await read('package.json'))['devDependencies']?.[name] };
    expect([name, range]).toEqual([name, `^${String(version)}`]);
  }
});

describe('a folder', () => {
  const create = (): Promise<unknown> => createMethod({ name: 'wttm', kind: 'features' }, folder);

  it('may exist if it is empty', async () => {
    await mkdir(join(folder, 'wttm'));
    await create();
    expect(await readdir(folder)).toEqual(['wttm']);
  });

  it('with a file is refused, and stays as it is', async () => {
    await mkdir(join(folder, 'wttm'));
    for (const name of ['a', 'b', 'c', 'README.md', '.git'])
      await writeFile(join(folder, 'wttm', name), name);
    await expectKdError(create, 'KD_FILE_FOREIGN', 'wttm', 'one with .git, README.md, a and 2 more');
    expect(await readdir(folder)).toEqual(['wttm']);
    expect((await readdir(join(folder, 'wttm'))).sort()).toEqual(['.git', 'README.md', 'a', 'b', 'c']);
    expect(await readFile(join(folder, 'wttm/README.md'), 'utf8')).toBe('README.md');
  });

  it('is refused if it is a file, or a link to one', async () => {
    await writeFile(join(folder, 'wttm'), 'mine');
    await expectKdError(create, 'KD_FILE_WRITE', 'ENOTDIR', 'nothing was written');
    await rm(join(folder, 'wttm'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'wttm'));
    await expectKdError(create, 'KD_FILE_WRITE', 'nothing was written');
    expect(await readdir(folder)).toEqual(['wttm']);
  });

  it('is not made where nothing can be written', async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, 'mine');
    await expectKdError(create, 'KD_FILE_WRITE', 'nothing was written');
  });
});

it.each(['mean', 'div', 'student'])('refuses the name %s, which its code uses', async (name) => {
  await expectKdError(
    () => createMethod({ name, kind: 'features' }, folder),
    'KD_OPTION_RANGE',
    `called ${name}`,
  );
  expect(await readdir(folder)).toEqual([]);
});
