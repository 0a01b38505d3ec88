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
  const isOtherFile = printed.includes('DO NOT MATCH THE HASHES');
  return new KdError({
    code: 'KD_DOWNLOAD_FAILED',
    where,
    argument: `pip's download of ${requirement.name}${requirement.versions}`,
    expected: isOtherFile
      ? 'the file whose hash this package knows'
      : 'a wheel from the package index that pip is set up for',
    received: tailOf(printed, 6),
    remedy: isOtherFile
      ? 'Look what stands between you and the package index: it served another file.'
      : 'Look at the network and at the settings of pip (pip config list), and run the same command, which goes on from here.',
  });
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
