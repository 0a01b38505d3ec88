import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskFull } from './disk-space.js';
import { pipFault } from './pip-fault.js';
import type { Progress } from './progress.js';
import { requirementLine } from './requirement.js';
import type { Requirement } from './requirement.js';
import { runProgram } from './run-program.js';
import { watchDownload } from './watch-download.js';

/**
 * Has pip download the wheel of a requirement into a directory, and check its hash; gives its path.
 *
 * A wheel that an earlier run downloaded is taken as it is: it got its place only when it was complete.
 */
export async function downloadWheel(
  python: string,
  requirement: Requirement,
  directory: string,
  progress: Progress,
): Promise<string> {
  const complete = join(directory, 'wheels', requirement.name);
  const present = await wheelIn(complete);
  if (present !== undefined) return present;
  progress.step(`Downloading ${requirement.name}${requirement.versions}`);
  const incoming = join(directory, 'incoming');
  const temporary = join(directory, 'pip');
  await clear(incoming);
  await clear(temporary);
  const list = join(temporary, 'requirements.txt');
  await writeFile(list, `${requirementLine(requirement)}\n`);
  const watch = watchDownload([temporary, incoming], progress.advance);
  const ending = await runProgram(python, pipArguments(list, incoming), {
    env: { ...process.env, TMPDIR: temporary, PYTHONUNBUFFERED: '1', PIP_REQUIRE_VIRTUALENV: '0' },
    onOutput: watch.hear,
  });
  watch.end();
  const printed = `${ending?.output ?? ''}\n${ending?.errors ?? ''}`;
  if (printed.includes('No space left on device')) throw diskFull(directory, 'room for the wheels', 'none');
  if (ending?.ok !== true || (await wheelIn(incoming)) === undefined) throw pipFault(requirement, printed);
  await rm(temporary, { recursive: true });
  await mkdir(dirname(complete), { recursive: true });
  await rename(incoming, complete);
  return (await wheelIn(complete)) ?? complete;
}

// Only a library in C is wanted of the wheel, which is the same in that of each version of Python. So pip looks for the wheel of
// one version, whichever version runs it.
const wheelOf = ['--python-version', '3.12', '--implementation', 'cp', '--abi', 'cp312'];
const oldestGlibc = 17;
const newestGlibc = 28;

/** What pip is called with: the user's own index and settings, one wheel, its hash checked if the list has one, no cache. */
export function pipArguments(list: string, destination: string): string[] {
  const glibcs = Array.from({ length: newestGlibc - oldestGlibc + 1 }, (_, index) => oldestGlibc + index);
  const platforms = ['manylinux2014_x86_64', ...glibcs.map((minor) => `manylinux_2_${String(minor)}_x86_64`)];
  return [
    ...['-m', 'pip', 'download', '--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--no-input'],
    ...['--progress-bar', 'off', '--only-binary', ':all:', ...wheelOf],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    ...['--dest', destination, '--requirement', list],
  ];
}

async function wheelIn(directory: string): Promise<string | undefined> {
  const names = await readdir(directory).catch(() => []);
  const name = names.find((candidate) => candidate.endsWith('.whl'));
  return name === undefined ? undefined : join(directory, name);
}

async function clear(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
}
