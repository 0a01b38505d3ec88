import { expect, it } from 'vitest';
import type { Answers, Request } from './messages.js';
import type { Peer } from './peer.js';
import { runsOf } from './runs-of.js';
import type { PeerName } from './runs.js';
import { full } from './settings.js';
import { timeInTurns } from './time.js';

it('lets the peers take turns, and keeps the median of each round', async () => {
  const asked: string[] = [];
  const peer = (name: string): Peer => {
    const ask = (request: Request): Promise<object> => {
      asked.push(request.type === 'steps' ? `${name} ${String(request.count)}` : `${name} ${request.type}`);
      return Promise.resolve({ losses: [], milliseconds: [9, asked.length, 0], peakBytes: 7 });
    };
    return {
      about: `about ${name}`,
      ask: ask as <Type extends Request['type']>(request: Request) => Promise<Answers[Type]>,
      close: () => undefined,
    };
  };
  const peers = new Map<PeerName, Peer>([
    ['wasm', peer('a')],
    ['torch', peer('b')],
  ]);
  const [run] = runsOf(full);
  if (run === undefined) throw new Error('There are no runs.');
  const amount = { warmUp: 5, rounds: 2, steps: 3 };
  const { key, rows } = await timeInTurns(peers, { folder: 'none', key: 'one' }, run.recipe, amount);
  expect(asked.join(', ')).toBe('a start, a 5, b start, b 5, a 3, b 3, b 3, a 3, a finish, b finish');
  expect(key).toBe('one');
  expect(rows).toEqual([
    { peer: 'wasm', about: 'about a', rounds: [5, 8], peakBytes: 7 },
    { peer: 'torch', about: 'about b', rounds: [6, 7], peakBytes: 7 },
  ]);
});
