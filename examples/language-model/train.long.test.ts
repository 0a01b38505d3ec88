import { printedTable } from '@kd/testing/printed-table';
import { expect, it } from 'vitest';

it('shows a teacher, and students that learn from it in several ways', async () => {
  const table = await printedTable(() => import('./train.js'), { CHAPTERS: '10', EPOCHS: '1' });
  const perplexities = Object.values(table).map(({ perplexity }) => perplexity as number);
  // A uniform guess has the number of characters; frequencies alone have about 20.
  for (const perplexity of perplexities) expect(perplexity).toBeLessThan(20);
  // From the same weights on the same windows: what differs is the lesson.
  expect(new Set(perplexities).size).toBe(5);
  expect(perplexities[0]).toBeLessThan(Math.min(...perplexities.slice(1)));
}, 120_000);
