import { fork } from 'node:child_process';
import type { ChildProcess, ForkOptions, Serializable } from 'node:child_process';

/** What a process answers when it cannot do what it is asked, and what stands for its answer when it ends. */
export interface Failure {
  readonly type: 'failure';
  readonly message: string;
}

/** A process that answers each request with one message. */
export interface Child<Request, Answer> {
  /** The message that it sends by itself when it has started. */
  readonly started: Promise<Answer | Failure>;
  readonly ask: (request: Request) => Promise<Answer | Failure>;
  readonly close: () => void;
}

/** Starts a program of Node as a process that is asked. */
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
