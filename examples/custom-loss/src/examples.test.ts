import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

function run(file: string): string[] {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@kd/source', '--import', 'tsx', path],
    {
      encoding: 'utf8',
    },
  );
  expect(status, stderr.slice(-2000)).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

it('trains with a loss of its own beside the packaged ones', () => {
  const epochs = run('./recipe.ts').filter((line) => line.startsWith('epoch'));
  expect(epochs).toHaveLength(8);
  const correlation = (line = ''): number => Number(/correlation ([\d.]+)/.exec(line)?.[1]);
  // The student comes to rank the digits as the teacher does.
  expect(correlation(epochs.at(-1))).toBeLessThan(0.3 * correlation(epochs[0]));
  expect(Number(/accuracy ([\d.]+)/.exec(epochs.at(-1) ?? '')?.[1])).toBeGreaterThan(0.8);
}, 300_000);

it('uses the losses in model.compile with fit and fitDataset', () => {
  const lines = run('./plain-tfjs.ts').filter((line) => line.includes('targets:'));
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    const losses = line.split(': ')[1]?.split(' ').map(Number) ?? [];
    expect(losses).toHaveLength(5);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 3);
  }
}, 300_000);
