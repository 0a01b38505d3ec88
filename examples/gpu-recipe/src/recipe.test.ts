import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('says what it trains on, and each term and the accuracy of each epoch', () => {
  const flags = [
    '--conditions=@kd/source',
    '--import',
    'tsx',
    fileURLToPath(new URL('./recipe.ts', import.meta.url)),
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
  expect(status, stderr.slice(-2000)).toBe(0);
  expect(stdout).toMatch(/^Training on @tensorflow\/tfjs-/);
  const epochs = stdout.split('\n').filter((line) => line.startsWith('epoch'));
  expect(epochs).toHaveLength(3);
  for (const line of epochs) expect(line).toMatch(/soft [\d.]+, hard [\d.]+, .*attention.*similarity/);
  expect(Number(/accuracy ([\d.]+)$/.exec(epochs[2] ?? '')?.[1])).toBeGreaterThan(0.5);
}, 300_000);
