import { inTurns } from '@kd-benchmarks/shared';
import type { Times } from '../steps/messages.js';
import type { Work } from '../steps/works.js';
import type { Budget } from './budget.js';
import type { Peer } from './peer.js';
import type { Report } from './report.js';
import { rowsOf } from './rows.js';

/** How often and how long each work is timed. */
export interface Effort {
  readonly rounds: number;
  readonly steps: number;
  /** Steps before the first round: V8 compiles during the first hundreds. */
  readonly warmUp: number;
}

// torch.compile may compile for a minute.
const secondsToWarmUp = 120;
const secondsForTurn = 30;
const outOfTime = 'the time is up';

/** Times one work on all peers in alternating rounds, and reports its rows. */
export async function timeWork(
  work: Work,
  peers: readonly Peer[],
  { rounds, steps, warmUp }: Effort,
  budget: Budget,
  report: Report,
): Promise<void> {
  const times = new Map<Peer, Times[]>();
  const fail = (peer: Peer, why: string): void => {
    times.delete(peer);
    report.cannot(`${work.name} on ${peer.name}`, why);
  };
  for (const peer of peers) {
    const seconds = budget.grant(secondsToWarmUp);
    if (seconds === undefined) {
      report.cannot(work.name, outOfTime);
      return;
    }
    const answer = await peer.time({ work, untimed: warmUp, steps: 1, seconds: 2.5 }, seconds);
    if (answer.type === 'times') times.set(peer, []);
    else fail(peer, answer.message);
  }
  await inTurns(rounds, [...times.keys()], async (peer) => {
    const seconds = budget.grant(secondsForTurn, 2);
    if (seconds === undefined || !times.has(peer)) return;
    // The first steps of a training are written down before they are compiled.
    const answer = await peer.time({ work, untimed: Math.min(10, warmUp), steps, seconds: 1.5 }, seconds);
    if (answer.type === 'times') times.get(peer)?.push(answer);
    else fail(peer, answer.message);
  });
  const complete = Math.min(...[...times.values()].map((answers) => answers.length));
  if (times.size === 0) return;
  if (complete < rounds) report.cannot(`${work.name}, more than ${String(complete)} rounds`, outOfTime);
  if (complete === 0) return;
  const timed = [...times].map(([peer, answers]) => {
    const compiled = answers.at(-1)?.compiled;
    // Rounds are compared, so an incomplete one counts for nobody.
    const ofRounds = answers.slice(0, complete).map(({ milliseconds }) => milliseconds);
    return { peer: peer.name, rounds: ofRounds, ...(compiled === undefined ? {} : { compiled }) };
  });
  report.addRows(rowsOf(work.name, timed));
}
