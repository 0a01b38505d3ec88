import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KdError } from '@kd/core';
import { accessFault, codeOf } from '@kd/files';
import { readManifest } from '../files/manifest.js';
import type { Manifest } from '../files/manifest.js';
import { isPartName } from '../files/names.js';
import { readBytes, sha256 } from '../files/read-part.js';
import { where } from './options.js';

/** The contents of a directory that a run may write to. */
export interface OwnFiles {
  /** Undefined if the directory has none. */
  readonly manifest: Manifest | undefined;
  /** A file that a killed run renamed into place but did not list. */
  readonly unlisted: string | undefined;
}

/**
 * The set in a directory; throws `KD_FILE_FOREIGN` if a file is named like one of the set's but does not
 * belong to it.
 *
 * The manifest lists the files with their digests, including the one that a run was about to write. A name
 * alone does not make a file ours.
 */
export async function ownFiles(directory: string): Promise<OwnFiles> {
  // Read the names first: every file written by then, also by another run, is in a manifest that we read
  // later.
  const names = await namesIn(directory);
  if (names === undefined) return { manifest: undefined, unlisted: undefined };
  const manifest = await readManifest(where, directory);
  const listed = new Set(manifest?.files.map(({ name }) => name));
  const others = names.filter((name) => isPartName(name) && !listed.has(name));
  const [unlisted] = await Promise.all(
    others.map(async (name) => {
      const { writing } = manifest ?? {};
      const isOwn = name === writing?.name && (await digestOf(join(directory, name))) === writing.sha256;
      if (!isOwn) throw foreign(directory, name, manifest);
      return name;
    }),
  );
  return { manifest, unlisted };
}

/** Removes what a killed run left, and returns the set. Only for the run that holds the lock. */
export async function takeOver(directory: string): Promise<Manifest | undefined> {
  const { manifest, unlisted } = await ownFiles(directory);
  if (unlisted !== undefined) await rm(join(directory, unlisted), { force: true });
  return manifest;
}

async function namesIn(directory: string): Promise<string[] | undefined> {
  try {
    return await readdir(directory);
  } catch (cause) {
    // If the path cannot become a directory, creating it reports that.
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return undefined;
    throw accessFault(where, directory, cause);
  }
}

async function digestOf(file: string): Promise<string | undefined> {
  const bytes = await readBytes(file).catch(() => undefined);
  return bytes && sha256(bytes);
}

function foreign(directory: string, name: string, manifest: Manifest | undefined): KdError {
  return new KdError({
    code: 'KD_FILE_FOREIGN',
    where,
    argument: 'options.out',
    expected: 'a directory without other part files than those its manifest lists',
    received: `${JSON.stringify(directory)}, with ${name} and ${manifest === undefined ? 'no manifest' : 'a manifest that does not list it'}`,
    remedy: 'Choose another directory, or move the file away.',
  });
}
