import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { bytesIn } from '../cache/entry.js';
import { sha256Of } from '../cache/manifest.js';
import { diskFull } from '../faults.js';
import { announcedSize, otherFile, pipArguments, pipFault } from '../pip.js';
import type { Progress } from '../progress.js';
import { runProgram } from '../run-program.js';
import { requirementLine } from './requirements.js';
import type { Requirement } from './requirements.js';

const interval = 250;

/**
 * Downloads the wheel of a requirement into a directory with pip; returns its path.
 *
 * A wheel left by an earlier run is used only if its hash is known in advance and correct, because anyone who
 * can write to the cache may have put it there. Throws `KD_DOWNLOAD_FAILED` if pip delivers a different file.
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
  // Check the hash again; this pip may not be a real one.
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

async function wheelIn(directory: string): Promise<string | undefined> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const wheel = entries.find((entry) => entry.isFile() && entry.name.endsWith('.whl'));
  return wheel === undefined ? undefined : join(directory, wheel.name);
}

async function clear(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
}

/**
 * Reports how much of a pip download has arrived: the bytes in some directories, as a share of the size that
 * pip announced.
 *
 * Only pip 24.1 and newer report their progress in a machine-readable form.
 */
function watchDownload(
  directories: readonly string[],
  advance: (share: number) => void,
): { readonly hear: (printed: string) => void; readonly end: () => void } {
  let size: number | undefined;
  let isOver = false;
  const look = async (whole: number): Promise<void> => {
    const bytes = await Promise.all(directories.map(bytesIn));
    if (!isOver) advance(Math.min(bytes.reduce((sum, some) => sum + some, 0) / whole, 1));
  };
  const timer = setInterval(() => {
    if (size !== undefined) void look(size);
  }, interval);
  return {
    hear: (printed) => {
      size ??= announcedSize(printed);
    },
    end: () => {
      isOver = true;
      clearInterval(timer);
    },
  };
}
