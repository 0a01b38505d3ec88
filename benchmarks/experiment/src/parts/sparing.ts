import type { CheckpointStore } from '@kd/trainer';

/** Leaves out checkpoints that come too soon: some epochs take a moment, and a checkpoint takes megabytes. */
export function sparing(store: CheckpointStore, secondsBetween = 60): CheckpointStore {
  let last = performance.now();
  return {
    ...store,
    save: async (files) => {
      if (performance.now() - last < 1000 * secondsBetween) return;
      await store.save(files);
      last = performance.now();
    },
  };
}
