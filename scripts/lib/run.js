import { execFile } from 'node:child_process';

// Kills a program that does not end, so that the check fails.
const defaults = { maxBuffer: 64 * 1024 * 1024, timeout: 600_000, killSignal: 'SIGKILL' };

/** Runs a program and returns its standard output. If it fails, its output becomes the error's message. */
export function run(program, args, options = {}) {
  const { timeout, ...others } = { ...defaults, ...options };
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout, ...others }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(faultOf(error, stdout + stderr, timeout), { cause: error }));
    });
  });
}

function faultOf(error, printed, timeout) {
  const ending =
    error.killed && error.code === null ? `It did not end within ${timeout / 1000} s: ${error.message}` : '';
  return [ending, shorten(printed)].filter(Boolean).join('\n') || `${error.message} (${error.code})`;
}

/** A stack trace quotes the line of code, which may be a whole bundle. */
function shorten(text) {
  return text
    .split('\n')
    .map((line) => (line.length > 400 ? `${line.slice(0, 400)}...` : line))
    .join('\n');
}
