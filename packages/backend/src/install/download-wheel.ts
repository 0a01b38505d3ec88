import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { diskFull } from './disk-space.js';
import { otherFile, pipFault } from './pip-fault.js';
import type { Progress } from './progress.js';
import { pipCommand } from './python.js';
import { requirementLine } from './requirement.js';
import type { Requirement } from './requirement.js';
import { runProgram } from './run-program.js';
import { sha256Of } from './sha256.js';
import { watchDownload } from './watch-download.js';

/**
 * Has pip download the wheel of a requirement into a directory; gives its path.
 *
 * A wheel that an earlier run left is used if its hash is known beforehand and right: whoever can write to the cache may have put it
 * there. Throws `KD_DOWNLOAD_FAILED` if pip brings another file.
 */
export async function downloadWheel(
  python: string,
  requirement: Requirement,
  directory: string,
  progress: Progress,
): Promise<string> {
  const complete = join(directory, 'wheels', requirement.name);
  const present = await wheelIn(complete);
  if (present !== undefined && requirement.sha256 !== undefined) {
    progress.step(`Checking ${requirement.name}`);
    if ((await sha256Of(present)) === requirement.sha256) return present;
  }
  await rm(complete, { recursive: true, force: true });
  progress.step(`Downloading ${requirement.name}${requirement.versions}`);
  const incoming = join(directory, 'incoming');
  const temporary = join(directory, 'pip');
  await clear(incoming);
  await clear(temporary);
  const list = join(temporary, 'requirements.txt');
  await writeFile(list, `${requirementLine(requirement)}\n`);
  const wheel = await download(python, requirement, { list, temporary, incoming }, progress);
  // pip did so too, if it is what it seems.
  if (requirement.sha256 !== undefined) {
    const sha256 = await sha256Of(wheel);
    if (sha256 !== requirement.sha256) throw otherFile(requirement, `a file whose SHA-256 is ${sha256}`);
  }
  await rm(temporary, { recursive: true });
  await mkdir(dirname(complete), { recursive: true, mode: 0o755 });
  await rename(incoming, complete);
  return join(complete, basename(wheel));
}

async function download(
  python: string,
  requirement: Requirement,
  { list, temporary, incoming }: { list: string; temporary: string; incoming: string },
  progress: Progress,
): Promise<string> {
  const watch = watchDownload([temporary, incoming], progress.advance);
  try {
    const ending = await runProgram(python, pipArguments(list, incoming), {
      env: { ...process.env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: '0' },
      onOutput: watch.hear,
    });
    const printed = `${ending?.output ?? ''}\n${ending?.errors ?? ''}`;
    if (printed.includes('No space left on device'))
      throw diskFull(dirname(incoming), 'room for the wheels', 'none');
    const wheel = ending?.ok === true ? await wheelIn(incoming) : undefined;
    if (wheel === undefined) throw pipFault(requirement, printed);
    return wheel;
  } finally {
    watch.end();
  }
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
    ...pipCommand('download', '--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--no-input'),
    ...['--progress-bar', 'off', '--only-binary', ':all:', ...wheelOf],
    ...platforms.flatMap((platform) => ['--platform', platform]),
    ...['--dest', destination, '--requirement', list],
  ];
}

async function wheelIn(directory: string): Promise<string | undefined> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const wheel = entries.find((entry) => entry.isFile() && entry.name.endsWith('.whl'));
  return wheel === undefined ? undefined : join(directory, wheel.name);
}

async function clear(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
}
