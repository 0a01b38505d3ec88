import { expect, it } from 'vitest';
import { announcedSize, pipArguments } from './pip.js';

it('calls pip with the index that the user configured', () => {
  const args = pipArguments('list', 'to').join(' ');
  expect(args).toContain('-I -u -m pip download --no-deps');
  expect(args).not.toMatch(/index-url|https?:/);
  expect(args).toMatch(/--dest to --requirement list$/);
});

it('reads sizes from pip', () => {
  expect(announcedSize('Collecting a\n  Downloading a-2-cp312.whl (273.8 MB)\n')).toBe(273.8e6);
  expect(announcedSize('Downloading a.whl (12 kB)')).toBe(12e3);
  expect(announcedSize('Using a.whl')).toBeUndefined();
});
