import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

// In the package, so that imports are resolved as in an author's one.
const folder = new URL('../.cache/readme/', import.meta.url);
mkdirSync(folder, { recursive: true });
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = readme
  .split('```ts no-run\n')
  .slice(1)
  .map((rest) => rest.split('```')[0] ?? '');

/** Runs a test file with `node --test`: what it reports, and how it ends. */
async function nodeTest(name: string, code: string): Promise<{ output: string; code: number }> {
  const file = new URL(name, folder);
  writeFileSync(file, code);
  const args = [
    '--conditions=@kd/source',
    '--import',
    'tsx',
    '--test',
    '--test-reporter',
    'spec',
    fileURLToPath(file),
  ];
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env }, (error, output) => {
      resolve({ output, code: typeof error?.code === 'number' ? error.code : 0 });
    });
  });
}

it('has three examples in the README', () => {
  expect(examples).toHaveLength(3);
});

it.each(examples.map((example, index) => [index, example] as const))(
  'runs example %d of the README, which passes',
  async (index, example) => {
    const { output, code } = await nodeTest(`example-${String(index)}.mts`, example);
    expect(output).toMatch(/ℹ fail 0\n/);
    expect(output).not.toMatch(/ℹ pass 0\n/);
    expect(code).toBe(0);
  },
);

it('reports a broken term by the rule that it breaks', async () => {
  const kept = (examples[0] ?? '').replace('[1, 2, 3])', '[1, 2, 3], true)');
  const { output, code } = await nodeTest('broken.mts', kept);
  expect(code).toBe(1);
  expect(output).toMatch(/✖ has one value for each example or position/);
  expect(output).toMatch(/ℹ fail 1\n/);
});
