import { Presets, SingleBar } from 'cli-progress';

/** Receives the progress of an installation. */
export interface Progress {
  /** A step starts. */
  readonly step: (title: string) => void;
  /** The share of the step that is done, from 0 to 1. */
  readonly advance: (share: number) => void;
}

/** Prints each step to standard error; on a terminal, draws a bar for steps that report their progress. */
export function drawProgress(): Progress & { readonly stop: () => void } {
  const bar = new SingleBar(
    { format: '{bar} {percentage} %', clearOnComplete: true, barsize: 40, fps: 8 },
    Presets.shades_classic,
  );
  const stop = (): void => {
    if (bar.isActive) bar.stop();
  };
  return {
    step: (title) => {
      stop();
      console.error(`${title} ...`);
    },
    advance: (share) => {
      if (bar.isActive) bar.update(share);
      else bar.start(1, share);
    },
    stop,
  };
}
