import type * as mnist from '@kd-datasets/mnist';
import { printedTable } from '@kd/testing/printed-table';
import { expect, it, vi } from 'vitest';

// Errors are counted among 2,000 test digits in place of 10,000, which take convolutions seconds.
vi.mock('@kd-datasets/mnist', async (importOriginal) => {
  const original = await importOriginal<typeof mnist>();
  const loadDigits: typeof original.loadDigits = async (which) => {
    const digits = await original.loadDigits(which);
    return which === 't10k' ? original.slice(digits, 0, 2000) : digits;
  };
  return { ...original, loadDigits };
});

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
