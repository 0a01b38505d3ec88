import type { Batch, Named, OutputInfo, Teacher } from '@kd/core';
import { nameOfTap } from '../choose-name.js';
import { checkWanted } from '../outputs/wanted.js';

/** What a teacher behind a server describes, and how it answers. */
export interface ServerTeacher {
  readonly where: string;
  readonly outputs: Readonly<Record<string, OutputInfo>>;
  readonly fingerprint: string;
  /** At least one output is wanted. */
  readonly answer: (
    batch: Batch,
    wanted: readonly string[],
    signal: AbortSignal | undefined,
  ) => Promise<Named>;
  readonly dispose: () => void;
}

/** A teacher without taps. */
export function teacherOfServer({
  where,
  outputs: infos,
  fingerprint,
  answer,
  dispose,
}: ServerTeacher): Teacher {
  const noTaps = 'a tap, but a server has none';
  return {
    describe: ({ taps }) =>
      Promise.resolve().then(() => ({
        outputs: infos,
        taps: taps.map((tap) => ({ shape: [nameOfTap(where, tap, [], noTaps).length] })),
        fingerprint,
        frozen: true,
      })),
    predict: async (batch, { outputs, taps, signal }) => {
      signal?.throwIfAborted();
      for (const tap of taps) nameOfTap(where, tap, [], noTaps);
      checkWanted(where, outputs, Object.keys(infos));
      if (outputs.length === 0) return { members: [], taps: [] };
      return { members: [{ outputs: await answer(batch, outputs, signal), weight: 1 }], taps: [] };
    },
    dispose,
  };
}
