import { printedTable } from '@kd/testing/printed-table';
import { expect, it } from 'vitest';

it('trains the same student in three ways', async () => {
  const table = await printedTable(() => import('./train.js'), { DIGITS: '320', EPOCHS: '1' });
  const errors = expect.any(Number) as number;
  const student = { 'test errors of 10,000': errors, parameters: 2966 };
  expect(table).toEqual({
    teacher: { 'test errors of 10,000': errors, parameters: 16_938, 'error by epoch': '█' },
    backprop: { ...student, 'error by epoch': '███' },
    'soft targets': { ...student, 'error by epoch': '███' },
    // Of its three epochs the first is that of the hint.
    'hint, then soft targets': { ...student, 'error by epoch': '██' },
  });
  const different = new Set(Object.values(table).map((row) => row['test errors of 10,000']));
  expect(different.size).toBe(4);
}, 60_000);
