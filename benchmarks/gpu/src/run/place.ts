import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Command } from './line-process.js';

// The compiled programs lie together in one folder; beside it are the peer in Python and the libraries.
const programs = dirname(fileURLToPath(import.meta.url));

/** The folder of libraries that the bundle brings. */
export const libraries: string = join(programs, '..', 'lib');

/** The command of one of the compiled programs. */
export function nodeCommand(program: string, args: readonly string[], env: Command['env']): Command {
  return { program: process.execPath, args: [join(programs, `${program}.js`), ...args], env };
}

/** The command of the peer in Python. */
export function pythonCommand(python: string, args: readonly string[]): Command {
  // -u: an answer that stays in a buffer never arrives.
  return { program: python, args: ['-u', join(programs, '..', 'python', 'peer.py'), ...args], env: {} };
}
