import { printedTable } from '@kd/testing/printed-table';
import { expect, it } from 'vitest';

it('trains by the losses of three packages', async () => {
  const table = await printedTable(() => import('./train.js'), { DIGITS: '600', EPOCHS: '3' });
  const epochs = Object.values(table);
  expect(Object.keys(epochs[0] ?? {})).toEqual([
    'soft',
    'hard',
    'attention middle<-middle',
    'similarity middle<-middle',
    'loss',
    'accuracy',
  ]);
  expect(epochs).toHaveLength(3);
  expect(epochs[2]?.['accuracy']).toBeGreaterThan((epochs[0]?.['accuracy'] as number) + 0.1);
}, 60_000);
