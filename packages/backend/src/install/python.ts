import { KdError } from '@kd/core';
import { where } from './where.js';
import { runProgram, tailOf } from './run-program.js';

// Older ones cannot be asked for a wheel of several platforms.
const oldestPip = 21;

// Isolated: neither modules of the working directory nor those of PYTHONPATH stand in for those of pip. pip's own settings, in
// variables and files, stay in force. The working directory stays too, as they may name paths that are relative to it.
const isolatedPip = ['-I', '-u', '-m', 'pip'];
const secondsForVersion = 60;

/** The arguments of a Python whose pip is to do something. */
export function pipCommand(...args: readonly string[]): string[] {
  return [...isolatedPip, ...args];
}

/** The program of a Python 3 that has pip: the one that is given, or the first of `python3` and `python`. Throws
 * `KD_PYTHON_MISSING` or `KD_PIP_MISSING`. */
export async function findPython(given: string | undefined): Promise<string> {
  const candidates = given === undefined ? ['python3', 'python'] : [given];
  const faults: KdError[] = [];
  for (const program of candidates) {
    const fault = await faultOf(program);
    if (fault === undefined) return program;
    faults.push(fault);
  }
  throw faults.find(({ code }) => code === 'KD_PIP_MISSING') ?? faults[0] ?? noPython('python3', 'none');
}

async function faultOf(program: string): Promise<KdError | undefined> {
  const ending = await runProgram(program, pipCommand('--version'), { seconds: secondsForVersion });
  if (ending === undefined) return noPython(program, 'no such program');
  const [, pip, python] = /^pip (\d+)\S* .*\(python (\d+)\.\d+\)/m.exec(ending.output) ?? [];
  if (ending.errors.includes('No module named pip')) return noPip(program, `none for ${program} -I -m pip`);
  if (!ending.ok || python !== '3') return noPython(program, tailOf(ending.errors || ending.output, 1));
  return Number(pip) < oldestPip ? noPip(program, ending.output.trim()) : undefined;
}

function noPython(program: string, received: string): KdError {
  return new KdError({
    code: 'KD_PYTHON_MISSING',
    where,
    argument: program,
    expected: 'a Python 3, whose pip downloads TensorFlow',
    received,
    remedy: 'Install it (Debian: apt-get install python3 python3-pip), or name one with --python.',
  });
}

function noPip(program: string, received: string): KdError {
  return new KdError({
    code: 'KD_PIP_MISSING',
    where,
    argument: `the pip of ${program}`,
    expected: `pip ${String(oldestPip)} or newer`,
    received,
    remedy: `Install it (Debian: apt-get install python3-pip; others: ${program} -m venv DIR, then --python DIR/bin/python). One that \`pip install --user\` put there is not looked at.`,
  });
}
