import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { mergeShards } from '@kd/stored-soft-targets/node';

/** Stores soft targets in `count` processes at a time, one for each shard, and makes one set of them. */
export async function extractInProcesses(
  count: number,
  { teacher, out, digits }: { readonly teacher: string; readonly out: string; readonly digits: number },
): Promise<void> {
  const script = fileURLToPath(new URL('extract.ts', import.meta.url));
  const shards = Array.from({ length: count }, async (_, index) => {
    const flags = { teacher, out, digits: String(digits), shard: `${String(index)}/${String(count)}` };
    const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    const node = ['--conditions=@kd/source', '--import', import.meta.resolve('tsx'), script, ...args];
    const child = spawn(process.execPath, node, { stdio: ['ignore', 'inherit', 'inherit'] });
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    if (code !== 0)
      throw new Error(`shard ${String(index)} ended with ${String(code)}; run it again, it goes on`);
  });
  await Promise.all(shards);
  await mergeShards(out);
}
