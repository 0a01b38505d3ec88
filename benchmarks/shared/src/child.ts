import { fork } from 'node:child_process';
import type { ChildProcess, ForkOptions, Serializable } from 'node:child_process';

/** What a process answers if it cannot do what it is asked; also the answer for a process that has ended. */
export interface Failure {
  readonly type: 'failure';
  readonly message: string;
}

/** A process that answers each request with one message. */
export interface Child<Request, Answer> {
  /** The message that it sends unasked once it has started. */
  readonly started: Promise<Answer | Failure>;
  readonly ask: (request: Request) => Promise<Answer | Failure>;
  readonly close: () => void;
}

/** Starts a Node program as a process that answers requests. */
export function startChild<Request extends Serializable, Answer>(
  program: string,
  args: readonly string[],
  options: ForkOptions = {},
): Child<Request, Answer> {
  const child = fork(program, args, { stdio: ['ignore', 'inherit', 'ignore', 'ipc'], ...options });
  return {
    started: nextAnswer<Answer>(child),
    ask: (request) => {
      child.send(request);
      return nextAnswer<Answer>(child);
    },
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}

function nextAnswer<Answer>(child: ChildProcess): Promise<Answer | Failure> {
  return new Promise((resolve) => {
    const onMessage = (answer: Answer): void => {
      child.off('exit', onExit);
      resolve(answer);
    };
    const onExit = (code: number | null): void => {
      child.off('message', onMessage);
      resolve({ type: 'failure', message: `its process ended with code ${String(code)}` });
    };
    child.once('message', onMessage).once('exit', onExit);
  });
}
