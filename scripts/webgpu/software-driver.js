import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Variables that let Dawn find the software driver for Vulkan that Debian's Chromium brings; none where it is not there, so that
 * a driver of the system serves.
 */
export function softwareDriver(chromium) {
  const folders = chromium === undefined ? [] : [dirname(realpathSync(chromium)), '/usr/lib/chromium'];
  const folder = folders.find((candidate) => existsSync(join(candidate, 'vk_swiftshader_icd.json')));
  if (folder === undefined) return {};
  return { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json') };
}
