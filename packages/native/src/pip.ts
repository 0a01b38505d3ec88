import type { KdError } from '@kd/core';
import { fault } from './faults.js';
import { runProgram, tailOf } from './run-program.js';
import { requirementLine } from './wheel/requirements.js';
import type { Requirement } from './wheel/requirements.js';

// Older versions cannot select a wheel for one of several platforms.
const oldestPip = 21;

// Isolated: no module in the working directory or in PYTHONPATH can replace one of pip. pip still reads its
// own settings from variables and files. The working directory stays, because those settings may contain
// relative paths.
const isolatedPip = ['-I', '-u', '-m', 'pip'];
const secondsForVersion = 60;
const shownVersions = 12;

/**
 * Returns the given Python 3, or the first of `python3` and `python`, that has pip.
 *
 * Throws `KD_PYTHON_MISSING` or `KD_PIP_MISSING`.
 */
export async function findPython(given: string | undefined): Promise<string> {
  const candidates = given === undefined ? ['python3', 'python'] : [given];
  const faults: KdError[] = [];
  for (const program of candidates) {
    const found = await faultOf(program);
    if (found === undefined) return program;
    faults.push(found);
  }
  throw faults.find(({ code }) => code === 'KD_PIP_MISSING') ?? faults[0] ?? noPython('python3', 'none');
}

async function faultOf(program: string): Promise<KdError | undefined> {
  const ending = await runProgram(program, [...isolatedPip, '--version'], { seconds: secondsForVersion });
  if (ending === undefined) return noPython(program, 'no such program');
  const [, pip, python] = /^pip (\d+)\S* .*\(python (\d+)\.\d+\)/m.exec(ending.output) ?? [];
  if (ending.errors.includes('No module named pip')) return noPip(program, `none for ${program} -I -m pip`);
  if (!ending.ok || python !== '3') return noPython(program, tailOf(ending.errors || ending.output, 1));
  return Number(pip) < oldestPip ? noPip(program, ending.output.trim()) : undefined;
}

function noPython(program: string, received: string): KdError {
  return fault({
    code: 'KD_PYTHON_MISSING',
    argument: program,
    expected: 'a Python 3, because its pip downloads TensorFlow',
    received,
    remedy: 'Install it (Debian: apt-get install python3 python3-pip), or name one with --python.',
  });
}

function noPip(program: string, received: string): KdError {
  return fault({
    code: 'KD_PIP_MISSING',
    argument: `the pip of ${program}`,
    expected: `pip ${String(oldestPip)} or newer`,
    received,
    remedy: `Install it (Debian: apt-get install python3-pip; others: ${program} -m venv DIR, then --python DIR/bin/python). A pip installed by \`pip install --user\` is ignored.`,
  });
}

// We only need a C library from the wheel, and it is the same for every version of Python. So pip looks for
// the wheel of one version, whichever version runs it.
const wheelOf = ['--python-version', '3.12', '--implementation', 'cp', '--abi', 'cp312'];
const oldestGlibc = 17;
const newestGlibc = 28;

/**
 * Python's arguments for a download: the user's own index and settings, one wheel, its hash checked if the
 * list has one, no cache.
 */
export function pipArguments(list: string, destination: string): string[] {
  const glibcs = Array.from({ length: newestGlibc - oldestGlibc + 1 }, (_, index) => oldestGlibc + index);
  const platforms = ['manylinux2014_x86_64', ...glibcs.map((minor) => `manylinux_2_${String(minor)}_x86_64`)];
  return [
    ...[...isolatedPip, 'download', '--no-deps', '--no-cache-dir', '--disable-pip-version-check'],
    ...['--no-input', '--progress-bar', 'off', '--only-binary', ':all:', ...wheelOf],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    ...['--dest', destination, '--requirement', list],
  ];
}

/** The size of the file that pip reports when it downloads, if it does: `Downloading a.whl (273.8 MB)`. */
export function announcedSize(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9 };
  const [, amount, unit] = /^\s*Downloading .*\(([\d.]+) ([kMG]B)\)/m.exec(text) ?? [];
  return unit === undefined ? undefined : Number(amount) * (units[unit] ?? 1);
}

/** The error for a failed download, based on pip's output. */
export function pipFault(requirement: Requirement, printed: string): KdError {
  const known = /\(from versions: (.*)\)/.exec(printed)?.[1]?.split(', ') ?? [];
  if (known.length > 0 && known[0] !== 'none') return unknownVersion(requirement, known);
  const tail = tailOf(printed, 6);
  if (printed.includes('DO NOT MATCH THE HASHES')) return otherFile(requirement, tail);
  return fault({
    code: 'KD_DOWNLOAD_FAILED',
    argument: downloadOf(requirement),
    expected: 'available from the package index that pip is configured for',
    received: tail,
    remedy:
      'Check the network and the settings of pip (pip config list), then run the same command, which continues from here.',
  });
}

/** The error if a downloaded file does not have the known hash. */
export function otherFile(requirement: Requirement, received: string): KdError {
  return fault({
    code: 'KD_DOWNLOAD_FAILED',
    argument: downloadOf(requirement),
    expected: 'the file whose hash this package knows',
    received,
    remedy: 'Check the proxy or mirror between you and the package index; it served a different file.',
  });
}

const downloadOf = ({ name, versions }: Requirement): string => `pip's download of ${name}${versions}`;

function unknownVersion({ name, versions }: Requirement, known: readonly string[]): KdError {
  const released = known.filter((version) => /^[\d.]+$/.test(version));
  return fault({
    code: 'KD_TENSORFLOW_UNKNOWN',
    argument: '--tensorflow',
    expected: `a version that pip can find: ${released.slice(-shownVersions).join(', ')}`,
    received: requirementLine({ name, versions }),
    remedy: 'Choose one of these versions, or leave the option out.',
  });
}
