import { printedTable } from '@kd/testing/printed-table';
import { expect, it } from 'vitest';

it('shows members, the ensemble that is better than they are, and what it teaches', async () => {
  const table = await printedTable(() => import('./train.js'), { DIGITS: '300', EPOCHS: '2' });
  const errorsOf = (name: string): number => table[name]?.['test errors of 10,000'] as number;
  expect(table['ensemble']).toMatchObject({ parameters: 5 * 199_210 });
  expect(errorsOf('ensemble')).toBeLessThan(errorsOf('one member'));
  const students = ['student alone', 'student of one member', 'student of the ensemble'].map(errorsOf);
  // From the same weights on the same digits: what differs is the teacher.
  expect(new Set(students).size).toBe(3);
}, 60_000);
