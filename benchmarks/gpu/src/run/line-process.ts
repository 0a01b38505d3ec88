import { createInterface } from 'node:readline';
import type { Failure } from '../steps/messages.js';
import { killGroup, startGroup } from './process-group.js';

/** A program to start. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A process that answers a line of JSON with a line of JSON. */
export interface LineProcess<Answer> {
  /** Sends a request, or waits for what it says unasked; kills it if that takes too long. */
  readonly ask: (request: object | undefined, seconds: number) => Promise<Answer | Failure>;
  readonly isRunning: () => boolean;
  readonly close: () => void;
}

const kept = 1500;

/** Starts a program that answers in lines; other lines, and what it says on the standard error, are kept. */
export function startLineProcess<Answer>({ program, args, env }: Command): LineProcess<Answer> {
  const child = startGroup(program, args, env);
  let noise = '';
  let waiting: ((answer: Answer | Failure) => void) | undefined;
  let ended: string | undefined;
  const settle = (answer: Answer | Failure): void => {
    waiting?.(answer);
    waiting = undefined;
  };
  const end = (reason: string): void => {
    ended ??= [reason, noise.trim()].filter((text) => text !== '').join('; it printed: ');
    settle({ type: 'failure', message: ended });
  };
  const note = (text: string): void => {
    noise = (noise + text).slice(-kept);
  };
  child.stderr.on('data', (chunk: Buffer) => {
    note(chunk.toString());
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{"type"')) settle(JSON.parse(line) as Answer);
    else note(`${line}\n`);
  });
  // A process that has ended cannot be written to; its end says so.
  child.stdin.on('error', () => undefined);
  child.on('error', ({ message }) => {
    end(`it does not start: ${message}`);
  });
  child.on('close', (code, signal) => {
    end(`it ended with ${signal ?? `code ${String(code)}`}`);
  });
  return {
    isRunning: () => ended === undefined,
    ask: async (request, seconds) => {
      if (ended !== undefined) return { type: 'failure', message: ended };
      const answer = new Promise<Answer | Failure>((resolve) => (waiting = resolve));
      const limit = setTimeout(() => {
        end(`no answer within ${seconds.toFixed(0)} seconds`);
        killGroup(child);
      }, seconds * 1000);
      if (request !== undefined) child.stdin.write(`${JSON.stringify(request)}\n`);
      return answer.finally(() => {
        clearTimeout(limit);
      });
    },
    close: () => {
      child.stdin.end();
      // A driver may hang at the end of a process.
      setTimeout(() => {
        killGroup(child);
      }, 3000).unref();
    },
  };
}
