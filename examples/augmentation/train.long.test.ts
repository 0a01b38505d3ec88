import { printedTable } from '@kd/testing/printed-table';
import { expect, it } from 'vitest';

it('distils a student that is better on shifted digits than on digits in place', async () => {
  const table = await printedTable(() => import('./train.js'), { DIGITS: '3000', EPOCHS: '3' });
  const alone = table['student alone'] as Record<string, number>;
  const distilled = table['student distilled'] as Record<string, number>;
  expect(Object.keys(distilled)).toEqual(['in place', 'shifted']);
  expect(distilled['in place']).toBeLessThan(0.9 * (alone['in place'] ?? NaN));
  expect(distilled['shifted']).toBeLessThan(0.95 * (distilled['in place'] ?? NaN));
}, 60_000);
