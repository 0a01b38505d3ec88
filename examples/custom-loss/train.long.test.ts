import { printedTable } from '@kd/testing/printed-table';
import { expect, it } from 'vitest';

it('trains with a custom loss and the packaged ones', async () => {
  const table = await printedTable(() => import('./train.js'), { DIGITS: '1000', EPOCHS: '5' });
  const epochs = Object.values(table);
  expect(epochs).toHaveLength(5);
  // The student learns to rank the digits as the teacher does.
  expect(epochs.at(-1)?.['correlation']).toBeLessThan(0.4 * (epochs[0]?.['correlation'] as number));
  expect(epochs.at(-1)?.['accuracy']).toBeGreaterThan(0.6);
}, 60_000);
