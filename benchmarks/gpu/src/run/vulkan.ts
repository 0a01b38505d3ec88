import { dirname } from 'node:path';

/** Finds files, here or in a test. */
export interface Files {
  readonly exists: (path: string) => boolean;
  /** The names in a folder; none if it is missing. */
  readonly namesIn: (folder: string) => readonly string[];
}

/** How the processes find Vulkan. */
export interface Vulkan {
  /** The loader on the system or in the bundle; null if there is none. */
  readonly loader: string | null;
  /** The descriptions of installed drivers. */
  readonly drivers: readonly string[];
  /** What the processes need in their environment. */
  readonly env: Readonly<Record<string, string>>;
}

const libraries = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/local/lib'];
const driverFolders = [
  '/etc/vulkan/icd.d',
  '/usr/share/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  // Where containers mount NVIDIA's driver, and no loader looks.
  '/usr/local/nvidia/share/vulkan/icd.d',
];
// Chromium brings a driver that computes on the processor, and a loader.
const chromium = '/usr/lib/chromium';

/** Looks for Vulkan. `bundled` is the folder of the bundle's libraries. */
export function findVulkan(
  { exists, namesIn }: Files,
  bundled: string,
  software: boolean,
  given: Readonly<Record<string, string | undefined>>,
): Vulkan {
  const folders = software ? [...libraries, chromium, bundled] : [...libraries, bundled];
  const loader = folders.map((folder) => `${folder}/libvulkan.so.1`).find(exists) ?? null;
  const drivers = (software ? [...driverFolders, chromium] : driverFolders).flatMap((folder) =>
    namesIn(folder)
      .filter((name) => /icd.*\.json$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  const isSoftware = (path: string): boolean => /lvp|swiftshader/.test(path);
  const wanted = drivers.filter((path) => isSoftware(path) === software);
  const path = [loader !== null && !libraries.includes(dirname(loader)) ? dirname(loader) : []];
  const paths = [...path.flat(), given['LD_LIBRARY_PATH'] ?? []].flat();
  const isGiven = given['VK_DRIVER_FILES'] !== undefined || given['VK_ICD_FILENAMES'] !== undefined;
  return {
    loader,
    drivers,
    env: {
      ...(paths.length === 0 ? {} : { LD_LIBRARY_PATH: paths.join(':') }),
      // Older loaders know only the second name.
      ...(isGiven || wanted.length === 0
        ? {}
        : { VK_DRIVER_FILES: wanted.join(':'), VK_ICD_FILENAMES: wanted.join(':') }),
    },
  };
}
