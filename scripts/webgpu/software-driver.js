import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Environment variables that let Dawn find the Vulkan software driver in Debian's Chromium; none if it is
 * missing, so that Dawn uses a system driver.
 */
export function softwareDriver(chromium) {
  const folders = chromium === undefined ? [] : [dirname(realpathSync(chromium)), '/usr/lib/chromium'];
  const folder = folders.find((candidate) => existsSync(join(candidate, 'vk_swiftshader_icd.json')));
  if (folder === undefined) return {};
  return { LD_LIBRARY_PATH: folder, VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json') };
}
