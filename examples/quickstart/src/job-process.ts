// A process of its own that runs the jobs it is sent, one after the other.
import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import type { FromProcess, ToProcess } from './process-messages.js';
import { runJob } from './run-job.js';
import { splitDigits } from './split.js';
import type { Split } from './split.js';

const controller = new AbortController();
const send = (message: FromProcess): void => {
  // With a callback a parent that is gone is no error; `disconnect` ends this process.
  process.send?.(message, undefined, undefined, () => undefined);
};
// Ctrl-C reaches every process of a terminal; this one waits for the word of its parent.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());

let split: Promise<Split> | undefined;
process.on('message', (message: ToProcess) => {
  if (message.type === 'abort') {
    controller.abort();
    return;
  }
  const { job } = message;
  const run = async (): Promise<void> => {
    await selectBackend({ require: job.backend, threads: Number(process.argv[2]) });
    split ??= splitDigits(job.transferSize);
    const outcome = await runJob(job, await split, controller.signal, (progress) => {
      send({ type: 'progress', progress });
    });
    send({ type: 'outcome', outcome });
  };
  run().catch((error: unknown) => {
    send({
      type: 'failure',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  });
});
