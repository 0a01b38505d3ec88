import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { KdError } from '@kd/core';
import open from 'open';

// An opener that finds nothing to open a page with ends sooner. One that waits for its browser does not end.
const patience = 3000;

/**
 * Opens a file with the program that the platform has for it.
 *
 * Throws `KD_OPENER_FAILED` if there is none.
 */
export async function showFile(
  file: string,
  opener: (target: string) => Promise<ChildProcess> = open,
): Promise<void> {
  const path = resolve(file);
  try {
    const status = await statusOf(await opener(path));
    if (status !== undefined && status !== 0) throw new Error(`it ended with status ${String(status)}`);
  } catch (cause) {
    throw new KdError({
      code: 'KD_OPENER_FAILED',
      where: 'npx @kd/report',
      argument: '--open',
      expected: 'used where a program opens HTML files',
      received: `a failure of the platform's opener: ${(cause as Error).message}`,
      remedy: `Open ${path} in a browser yourself.`,
      cause,
    });
  }
}

/** The exit status of an opener; undefined if it has not ended in time. */
function statusOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((settle, reject) => {
    const timer = setTimeout(() => {
      settle(undefined);
    }, patience);
    const end = (status: number | null): void => {
      clearTimeout(timer);
      settle(status ?? 1);
    };
    if (child.exitCode !== null) end(child.exitCode);
    child.once('exit', end);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
