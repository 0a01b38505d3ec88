import { execFile } from 'node:child_process';

/** Runs a program and gives its standard output. If it fails, the error's message is what it printed. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 64 * 1024 * 1024, ...options }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else
        reject(new Error(shorten(stdout + stderr) || `${error.message} (${error.code})`, { cause: error }));
    });
  });
}

/** A stack trace quotes the line of code, which may be a whole bundle. */
function shorten(text) {
  return text
    .split('\n')
    .map((line) => (line.length > 400 ? `${line.slice(0, 400)}...` : line))
    .join('\n');
}
