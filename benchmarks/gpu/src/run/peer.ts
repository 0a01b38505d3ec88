import type { Failure, Ready, TimeRequest, Times } from '../steps/messages.js';
import { startLineProcess } from './line-process.js';
import type { Command, LineProcess } from './line-process.js';

type Answer = Ready | Times | Failure;

/** Something that makes training steps, in a process that starts again after a crash. */
export interface Peer {
  readonly name: string;
  /** Starts its process unless it runs; then says what it is. */
  readonly start: (seconds: number) => Promise<Ready | Failure>;
  readonly time: (request: TimeRequest, seconds: number) => Promise<Times | Failure>;
  readonly close: () => void;
}

/** A peer by the command of its process. */
export function peerOf(name: string, command: Command): Peer {
  let running: LineProcess<Answer> | undefined;
  let ready: Ready | undefined;
  const start = async (seconds: number): Promise<Ready | Failure> => {
    if (running?.isRunning() === true && ready !== undefined) return ready;
    running = startLineProcess<Answer>(command);
    const answer = await running.ask(undefined, seconds);
    if (answer.type === 'ready') return (ready = answer);
    running.close();
    return answer.type === 'failure' ? answer : { type: 'failure', message: 'it answers unasked' };
  };
  return {
    name,
    start,
    time: async (request, seconds) => {
      const started = await start(seconds);
      if (started.type === 'failure' || running === undefined) return started as Failure;
      const answer = await running.ask(request, seconds);
      return answer.type === 'ready' ? { type: 'failure', message: 'it starts twice' } : answer;
    },
    close: () => running?.close(),
  };
}
