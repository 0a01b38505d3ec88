import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runScript } from '@kd/testing/run-script';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Ended {
  readonly killed: boolean;
  /** Stages in which this process took steps. */
  readonly stages: readonly string[];
  /** The result of the training, if it finished. */
  readonly result: string;
}

async function trainUntil(directory: string, kind: 'step' | 'file' | 'never', at: number): Promise<Ended> {
  const program = new URL('../test/killable.ts', import.meta.url);
  const { code, signal, output, errors } = await runScript(program, [directory, kind, String(at)]);
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(errors);
  const lines = output.trim().split('\n');
  return {
    killed: signal === 'SIGKILL',
    stages: lines.filter((line) => line.startsWith('stage')),
    result: lines.at(-1) ?? '',
  };
}

/**
 * When to kill: mostly in the middle of writing a checkpoint, at a different operation each time; sometimes
 * right after a step.
 */
const momentOf = (part: number): ['step' | 'file', number] =>
  part % 3 === 0 ? ['step', 1 + (part % 2)] : ['file', 1 + ((part * 13) % 127)];

describe('a training in two stages that is killed repeatedly', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'killed-training-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('ends bit for bit like an uninterrupted one, wherever it was killed', { timeout: 600_000 }, async () => {
    const whole = await trainUntil('', 'never', 0);
    const seen = new Set<string>();
    let kills = 0;
    let ended: Ended | undefined;
    while (ended === undefined) {
      const part = await trainUntil(directory, ...momentOf(kills));
      for (const stage of part.stages) seen.add(stage);
      if (part.killed) kills += 1;
      else ended = part;
      expect(kills).toBeLessThan(100);
    }
    expect(kills).toBeGreaterThanOrEqual(25);
    expect([...seen]).toEqual(['stage 0', 'stage 1']);
    expect(ended.result).toBe(whole.result);
    // And nothing half-written or half-removed remains.
    const names = await readdir(directory);
    expect(names.filter((name) => !/^checkpoint-\d{6}$/.test(name))).toEqual([]);
  });
});
