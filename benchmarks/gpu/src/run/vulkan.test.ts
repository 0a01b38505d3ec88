import { expect, it } from 'vitest';
import { findVulkan } from './vulkan.js';

const files = (paths: readonly string[]) => ({
  exists: (path: string) => paths.includes(path),
  namesIn: (folder: string) =>
    paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)),
});

it("brings a loader, and finds NVIDIA's driver where containers mount it", () => {
  const driver = '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json';
  const found = findVulkan(files(['/b/lib/libvulkan.so.1', driver]), '/b/lib', false, {
    LD_LIBRARY_PATH: '/cuda',
  });
  expect(found).toEqual({
    loader: '/b/lib/libvulkan.so.1',
    drivers: [driver],
    env: { LD_LIBRARY_PATH: '/b/lib:/cuda', VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver },
  });
});

it("prefers the system's loader, and leaves out software", () => {
  const paths = [
    '/usr/lib64/libvulkan.so.1',
    '/b/lib/libvulkan.so.1',
    '/usr/share/vulkan/icd.d/lvp_icd.json',
  ];
  expect(findVulkan(files(paths), '/b/lib', false, {})).toMatchObject({
    loader: '/usr/lib64/libvulkan.so.1',
    env: {},
  });
  expect(findVulkan(files(paths), '/b/lib', true, {}).env).toMatchObject({ VK_DRIVER_FILES: paths[2] });
});

it('leaves alone what is given', () => {
  const paths = ['/usr/lib64/libvulkan.so.1', '/etc/vulkan/icd.d/nvidia_icd.json'];
  expect(findVulkan(files(paths), '/b/lib', false, { VK_ICD_FILENAMES: 'mine' }).env).toEqual({});
});
