import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { reportTo } from './report.js';

it('writes what is known after each part', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gpu-'));
  const file = join(folder, 'runs', 'out.json');
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const read = (): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const { add, addRows, cannot, finish } = reportTo(file, { software: false }, { spent: () => 61.2 });
  cannot('quickstart', 'no GPU');
  add('machine', { gpu: null });
  expect(read()).toMatchObject({ finished: false, ran: ['machine'], machine: { gpu: null } });
  const row = { work: 'dense', ms: 1, spread: [1, 1] as const, steps: 1, ratios: {} };
  addRows([
    { ...row, peer: 'ours' },
    { ...row, peer: 'torch' },
  ]);
  finish();
  log.mockRestore();
  expect(read()).toMatchObject({
    software: false,
    finished: true,
    seconds: 61,
    ran: ['machine', 'dense'],
    notDone: [{ what: 'quickstart', why: 'no GPU' }],
    steps: [{ peer: 'ours' }, { peer: 'torch' }],
  });
  rmSync(folder, { recursive: true });
});
