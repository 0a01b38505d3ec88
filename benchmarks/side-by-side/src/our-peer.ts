import { fileURLToPath } from 'node:url';
import { KdError } from '@kd/core';
import { startChild } from '@kd-benchmarks/shared';
import type { Answers, Request } from './messages.js';
import type { Peer } from './peer.js';

/** What our process sends: what it runs on, then answers. */
export type Sent =
  | { readonly type: 'about'; readonly about: string }
  | { readonly type: 'answer'; readonly answer: Answers[keyof Answers] };

/** Starts our trainer on a backend in a process; throws if the backend does not work here. */
export async function startOurs(backend: 'wasm' | 'tensorflow'): Promise<Peer> {
  const program = fileURLToPath(new URL('ours/process.ts', import.meta.url));
  const execArgv = ['--conditions=@kd/source', '--import', import.meta.resolve('tsx')];
  const child = startChild<Request, Sent>(program, [backend], { execArgv });
  const started = await child.started;
  if (started.type !== 'about') {
    child.close();
    throw new KdError({
      code: 'KD_BACKEND_UNAVAILABLE',
      where: 'side-by-side',
      argument: backend,
      expected: 'a backend that trains here',
      received: started.type === 'failure' ? started.message : started.type,
      remedy: 'Install it (tensorflow: npx @kd/native install), or leave it out with --peers.',
    });
  }
  return {
    about: started.about,
    ask: async <Type extends Request['type']>(request: Extract<Request, { readonly type: Type }>) => {
      const sent = await child.ask(request);
      if (sent.type === 'answer') return sent.answer as Answers[Type];
      throw new Error(`${backend}: ${sent.type === 'failure' ? sent.message : sent.type}`);
    },
    close: child.close,
  };
}
