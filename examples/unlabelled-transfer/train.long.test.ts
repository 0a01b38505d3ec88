import { printedTable } from '@kd/testing/printed-table';
import { expect, it } from 'vitest';

it('learns more from digits without labels than from the few with labels', async () => {
  const table = await printedTable(() => import('./train.js'), { DIGITS: '2000', EPOCHS: '2' });
  const errorsOf = (name: string): number => table[name]?.['test errors of 10,000'] as number;
  expect(table['student by labels']).toMatchObject({ digits: 50, labels: 50 });
  expect(table['the same and digits without labels']).toMatchObject({ digits: 2000, labels: 50 });
  expect(errorsOf('the same and digits without labels')).toBeLessThan(0.8 * errorsOf('student by labels'));
}, 60_000);
