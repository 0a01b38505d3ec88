// A process without any backend. A separate file, because importing one cannot be undone.
//
// Without a backend, even creating a tensor fails, so most programs stop in tfjs. If our code needs a backend
// first, its error says what to install.
import { outcome } from '@kd/testing/outcome';
import { engine } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { arraysTeacher } from './index.js';

const teacher = arraysTeacher({ ids: ['a'], rows: [[1, 2]] }, { convention: 'logits' });

it('a teacher of arrays is described without a backend', async () => {
  expect((await teacher.describe({ taps: [] })).outputs['output']?.shape).toEqual([null, 2]);
  expect(Object.keys(engine().registryFactory)).toEqual([]);
});

it('the error says what to install and import', async () => {
  const inputs = {} as Readonly<Record<string, Tensor>>;
  const seen = await outcome(async () =>
    teacher.predict({ inputs, ids: ['a'] }, { outputs: ['output'], taps: [] }),
  );
  expect(seen).toMatch(/^KD_BACKEND_UNAVAILABLE: .*@tensorflow\/tfjs-backend-/);
});
