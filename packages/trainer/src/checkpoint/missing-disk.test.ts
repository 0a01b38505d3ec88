// A training that cannot save its checkpoints.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@kd/testing';
import { outcome } from '@kd/testing/outcome';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples, net, onLabels, options, recorder } from '../../test/small.js';
import { train } from '../index.js';
import { checkpointDirectory } from '../node.js';

await useBackend('cpu');

describe('a directory for checkpoints that cannot be written', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'kd-missing-disk-'));
    // This fails for root too: a link to a missing disk.
    await symlink(join(root, 'unmounted', 'runs'), join(root, 'runs'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it('is reported before the first step', async () => {
    const { of, onEvent } = recorder();
    const seen = await outcome(async () => {
      const store = checkpointDirectory(join(root, 'runs'));
      const given = options(examples(8), { onEvent, checkpoint: { store } });
      return (await train(onLabels(net()), given)).reason;
    });
    expect(`${seen} after ${String(of('step').length)}`).toMatch(
      /^KD_FILE_WRITE: checkpointDirectory: path .* after 0$/,
    );
  });
});
