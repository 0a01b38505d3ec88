import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startChild } from '@kd-benchmarks/shared';
import type { Answer, Request } from './messages.js';
import type { OurPeer, PeerName } from './peer.js';

/** What the process of each of our peers is started with: a backend, and whether it compiles. */
const started: Readonly<Partial<Record<PeerName, readonly string[]>>> = {
  eager: ['tensorflow', 'never'],
  compiled: ['tensorflow', 'auto'],
  wasm: ['wasm', 'auto'],
};

/** Starts one of our peers, whose memory is watched or not; rejects if its backend is not built here. */
export async function startOurs(name: PeerName, env: NodeJS.ProcessEnv, isWatched = false): Promise<OurPeer> {
  const program = fileURLToPath(new URL('trainer/process.ts', import.meta.url));
  const child = startChild<Request, Answer>(
    program,
    [...(started[name] ?? []), ...(isWatched ? ['watched'] : [])],
    {
      env,
      execArgv: [...process.execArgv, '--expose-gc'],
    },
  );
  const ready = await child.started;
  if (ready.type !== 'ready') {
    child.close();
    throw new Error(`${name} does not start: ${ready.type === 'failure' ? ready.message : ready.type}`);
  }
  const ask = async <Type extends Answer['type']>(request: Request, type: Type) => {
    const answer = await child.ask(request);
    if (answer.type === type) return answer as Extract<Answer, { type: Type }>;
    throw new Error(`${name}: ${answer.type === 'failure' ? answer.message : answer.type}`);
  };
  return {
    name,
    about: ready.device,
    turn: async (work, steps) => {
      const { milliseconds, whole, compiled } = await ask({ type: 'turn', work: work.name, steps }, 'turn');
      return { milliseconds, ...(whole === undefined ? {} : { whole }), compiled };
    },
    held: async () => {
      const { tensors, handles, functions, rssBytes, peakBytes } = await ask({ type: 'held' }, 'held');
      return { tensors, handles, functions, rssBytes, peakBytes };
    },
    close: child.close,
  };
}
