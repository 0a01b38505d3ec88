import { describeTeacher } from '@kd/conformance/vitest';
import { useBackend } from '@kd/testing';
import { completionsServer, vocabulary } from '@kd/testing/completions-server';
import { abs, cast, floor, minimum, mul } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll } from 'vitest';
import { chatTeacher, completionsTeacher } from '../completions.js';
import { withInputs } from '../index.js';

await useBackend('cpu');

const server = await completionsServer();
afterAll(server.close);
const options = { url: server.url, model: 'tiny', fingerprint: 'v1' };

/** The kit asks about numbers, of which these are token ids. */
const tokensOf = (x: Tensor): Tensor => cast(minimum(floor(mul(abs(x), 5)), 5), 'int32');

describeTeacher(
  'completionsTeacher',
  () =>
    withInputs(completionsTeacher({ ...options, topK: 2, vocabulary }), {
      name: 'token ids, v1',
      inputs: ({ inputs: { x } }) => ({ tokens: tokensOf(x as Tensor) }),
    }),
  { inputs: { x: [4] }, unknownTap: 'hidden' },
);

describeTeacher(
  'chatTeacher',
  () => chatTeacher({ ...options, prompt: (id) => id, classes: ['good', 'bad'] }),
  { inputs: { x: [1] }, ids: ['a', 'b', 'c', 'd', 'e'], unknownTap: 'hidden' },
);
