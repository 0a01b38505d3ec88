import { expect, it, vi } from 'vitest';

it('uses the losses in model.compile with fit and fitDataset', async () => {
  vi.stubEnv('DIGITS', '1000');
  const log = vi.spyOn(console, 'log').mockReturnValue();
  await import('./plain-tfjs.js');
  // tfjs-node prints the progress of fit, too.
  const printed = log.mock.calls.filter(([name]) => String(name).endsWith('targets:'));
  const lines = printed.map(([name, ...losses]) => ({ name: name as string, losses: losses.map(Number) }));
  expect(lines.map(({ name }) => name)).toEqual(['soft targets:', 'soft and hard targets:']);
  for (const { losses } of lines) {
    expect(losses).toHaveLength(5);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 3);
  }
}, 60_000);
