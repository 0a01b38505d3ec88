import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `body` with the path of a file in a temporary directory. */
export async function withFile<T>(body: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kd-report-'));
  try {
    return await body(join(folder, 'events.jsonl'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
