import { printedTable } from '@kd/testing/printed-table';
import { expect, it } from 'vitest';

it('distils the classifier of scikit-learn', async () => {
  const table = await printedTable(() => import('./train.js'), { DIGITS: '300', EPOCHS: '20' });
  const errorsOf = (name: string): number => table[name]?.['test errors of 10,000'] as number;
  // Another processor may round a digit to the other side.
  expect(Math.abs(errorsOf('teacher, from ONNX') - 283)).toBeLessThan(5);
  expect(errorsOf('student distilled')).toBeLessThan(errorsOf('student alone'));
}, 60_000);
