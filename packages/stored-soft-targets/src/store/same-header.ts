import { describeTap, KdError } from '@kd/core';
import type { SetHeader, StoredOutput, StoredTap } from '../files/manifest.js';
import type { HeaderOfTeacher } from './header.js';
import { where } from './options.js';
import { ofOutput } from './outputs-to-store.js';

/** Throws `KD_TARGETS_MISMATCH` unless an existing set agrees with the known parts of the header. */
export function checkSameHeader(
  directory: string,
  there: SetHeader,
  wanted: HeaderOfTeacher | SetHeader,
): void {
  const parts = partsOf(there);
  for (const [argument, part] of Object.entries(partsOf(wanted))) {
    const [expected = 'none', received = 'none'] = [parts[argument], part].map((each) =>
      JSON.stringify(each),
    );
    if (expected === received) continue;
    throw new KdError({
      code: 'KD_TARGETS_MISMATCH',
      where,
      argument,
      expected: `the same as for the set in ${JSON.stringify(directory)}, ${expected}`,
      received,
      remedy: 'Choose another directory for these targets.',
    });
  }
}

/** The parts of a header as messages call them; of a header without shapes, those that are known. */
function partsOf(header: HeaderOfTeacher | SetHeader): Readonly<Record<string, unknown>> {
  const { teacher, outputs, taps = [], values } = header;
  const isWhole = 'members' in header;
  const ofOutputs = Object.entries(outputs).map(([name, output]) => {
    const of = ofOutput(name);
    return {
      [`the convention${of}`]: output.convention,
      [`the names of the classes${of}`]: output.classes,
      [`dtype and topK${of}`]: { ...values, topK: output.topK },
      ...(isWhole && { [`the shape of an output${of}`]: (output as StoredOutput).rowShape }),
    };
  });
  return Object.assign(
    {
      'the fingerprint of the teacher': teacher.fingerprint,
      'the outputs': Object.keys(outputs),
      'the taps': taps.map(({ tap }) => describeTap(tap)),
    },
    ...ofOutputs,
    isWhole && {
      'the shapes of the taps': (taps as readonly StoredTap[]).map(({ rowShape }) => rowShape),
      'the weights of the members': header.members,
    },
  ) as Readonly<Record<string, unknown>>;
}
