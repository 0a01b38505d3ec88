import type { CheckpointFiles, CheckpointStore } from '../src/index.js';

/** Keeps all checkpoints in memory, and loads the last of them. */
export function memoryStore(
  saved: CheckpointFiles[] = [],
): CheckpointStore & { readonly saved: CheckpointFiles[] } {
  return {
    saved,
    save: (files) => {
      saved.push(files);
      return Promise.resolve();
    },
    load: () => {
      const files = saved.at(-1);
      return Promise.resolve(
        files === undefined ? undefined : { name: `memory-${String(saved.length)}`, files },
      );
    },
  };
}
