import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@kd/testing';
import { outcome } from '@kd/testing/outcome';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples, net, onLabels, options } from '../../test/small.js';
import { train } from '../index.js';
import { checkpointDirectory } from '../node.js';

await useBackend('cpu');

describe('two trainings in one directory at once', () => {
  let directory: string;
  const seen: string[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kd-two-trainings-'));
    const training = (): Promise<string> =>
      outcome(async () => {
        const checkpoint = { store: checkpointDirectory(directory), resume: true };
        const run = await train(onLabels(net()), options(examples(8), { epochs: 4, checkpoint }));
        return `${run.reason} with ${String(run.history.length)} epochs`;
      });
    seen.push(...(await Promise.all([training(), training()])));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('one trains, and the other fails because the directory is in use', () => {
    expect(seen.sort().reverse().join('; ')).toMatch(/^finished with 4 epochs; KD_\w+: .* in use/);
  });
});
