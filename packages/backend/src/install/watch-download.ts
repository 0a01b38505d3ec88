import { bytesIn } from './disk-space.js';

const interval = 250;
const units: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9 };

/** Follows a download by pip. */
export interface DownloadWatch {
  /** Is given what pip prints, which names the size. */
  readonly hear: (text: string) => void;
  readonly end: () => void;
}

/**
 * Tells how much of a download by pip has arrived: the bytes in some directories, of those that pip announces.
 *
 * Only pip 24.1 and newer print how far they are in a form for programs.
 */
export function watchDownload(
  directories: readonly string[],
  advance: (share: number) => void,
): DownloadWatch {
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
    hear: (text) => {
      size ??= announcedSize(text);
    },
    end: () => {
      isOver = true;
      clearInterval(timer);
    },
  };
}

/** The bytes of the file that pip says it downloads, where it says so: `Downloading a.whl (273.8 MB)`. */
export function announcedSize(text: string): number | undefined {
  const [, amount, unit] = /^\s*Downloading .*\(([\d.]+) ([kMG]B)\)/m.exec(text) ?? [];
  return unit === undefined ? undefined : Number(amount) * (units[unit] ?? 1);
}
