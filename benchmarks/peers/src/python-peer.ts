import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Turn } from './messages.js';
import type { Layout, Peer, PeerName } from './peer.js';

/** Starts PyTorch in a separate process. */
export async function startPython(
  python: string,
  name: PeerName,
  layout: Layout,
  env: NodeJS.ProcessEnv,
): Promise<Peer> {
  const script = fileURLToPath(new URL('../python/peer.py', import.meta.url));
  const mode = name === 'torch.compile' ? 'compile' : 'eager';
  const child = spawn(python, ['-I', '-B', script, mode, layout], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const next = (await lines.next()) as IteratorResult<string, undefined>;
    if (next.done === true) throw new Error(`${name}: the PyTorch process ended.`);
    return JSON.parse(next.value) as Record<string, unknown>;
  };
  const { version, threads, capability } = await answer();
  return {
    name,
    layout,
    about: `PyTorch ${String(version)}, ${String(threads)} threads, ${String(capability)}`,
    turn: async (work, steps) => {
      child.stdin.write(`${JSON.stringify({ work, steps })}\n`);
      return (await answer()) as unknown as Turn;
    },
    close: () => {
      child.stdin.end();
    },
  };
}
