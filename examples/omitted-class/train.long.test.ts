import { printedTable } from '@kd/testing/printed-table';
import { expect, it } from 'vitest';

it('finds the omitted class again once its bias is corrected', async () => {
  const table = await printedTable(() => import('./train.js'), { DIGITS: '2000', EPOCHS: '4' });
  const on3 = (name: string): number => table[name]?.['of them on 3'] as number;
  expect(on3('student')).toBeGreaterThan(2 * on3('teacher'));
  expect(on3('student, corrected')).toBeLessThan(0.7 * on3('student'));
}, 60_000);
