import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { idlePool, keptParts } from '@kd-benchmarks/experiment/parts';
import type { KeptParts } from '@kd-benchmarks/experiment/parts';
import { expect, it } from 'vitest';
import { runAll } from './experiment.js';
import { isOf } from './job.js';
import type { Job, Outcome, Result } from './job.js';
import { full } from './settings.js';
import { tablesOf } from './tables.js';

const place = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

it('shows what the kept parts say', async () => {
  const parts: KeptParts<Result> = {
    ...keptParts<Result>('test', place('results/parts')),
    save: () => Promise.reject(new Error('a test keeps no result')),
  };
  const tools = { parts, pool: idlePool<Job, Outcome>(), workOf: () => 1, isOf };
  const finished = await runAll({ settings: full, backend: 'tensorflow', out: 'nowhere' }, [1, 2, 3], tools);
  const readme = readFileSync(place('README.md'), 'utf8');
  if (finished?.complete !== true) expect(readme).toContain('under way');
  else for (const table of tablesOf(finished, full)) expect(readme).toContain(table);
});
