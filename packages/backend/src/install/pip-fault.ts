import { KdError } from '@kd/core';
import { where } from './where.js';
import { requirementLine } from './requirement.js';
import type { Requirement } from './requirement.js';
import { tailOf } from './run-program.js';

const shownVersions = 12;

/** The error for a pip that ended badly, from what it printed. */
export function pipFault(requirement: Requirement, printed: string): KdError {
  const known = /\(from versions: (.*)\)/.exec(printed)?.[1]?.split(', ') ?? [];
  if (known.length > 0 && known[0] !== 'none') return unknownVersion(requirement, known);
  const tail = tailOf(printed, 6);
  if (printed.includes('DO NOT MATCH THE HASHES')) return otherFile(requirement, tail);
  return downloadFault(
    requirement,
    'a wheel from the package index that pip is set up for',
    tail,
    'Look at the network and at the settings of pip (pip config list), and run the same command, which goes on from here.',
  );
}

/** The error for a download that is not the file whose hash is known. */
export function otherFile(requirement: Requirement, received: string): KdError {
  return downloadFault(
    requirement,
    'the file whose hash this package knows',
    received,
    'Look what stands between you and the package index: it served another file.',
  );
}

function downloadFault(
  { name, versions }: Requirement,
  expected: string,
  received: string,
  remedy: string,
): KdError {
  const argument = `pip's download of ${name}${versions}`;
  return new KdError({ code: 'KD_DOWNLOAD_FAILED', where, argument, expected, received, remedy });
}

function unknownVersion(requirement: Requirement, known: readonly string[]): KdError {
  const released = known.filter((version) => /^[\d.]+$/.test(version));
  return new KdError({
    code: 'KD_TENSORFLOW_UNKNOWN',
    where,
    argument: '--tensorflow',
    expected: `a version that pip knows: ${released.slice(-shownVersions).join(', ')}`,
    received: requirementLine({ name: requirement.name, versions: requirement.versions }),
    remedy: 'Choose one of these, or leave the option out.',
  });
}
