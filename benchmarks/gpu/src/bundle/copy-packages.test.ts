import { expect, it } from 'vitest';
import { isNeeded } from './copy-packages.js';

it('leaves out other platforms, compilers and browsers', () => {
  const kept = (name: string, main: string, paths: readonly string[]): string[] =>
    paths.filter((path) => isNeeded({ name, main }, path));
  const dawn = ['index.js', 'dist', 'dist/linux-x64', 'dist/win32-x64', 'build', 'LICENSE.md', 'README.md'];
  expect(kept('webgpu', 'index.js', dawn)).toEqual(['index.js', 'dist', 'dist/linux-x64', 'LICENSE.md']);
  const core = ['package.json', 'dist', 'dist/tf-core.node.js', 'dist/tf-core.js', 'src', 'node_modules'];
  expect(kept('@tensorflow/tfjs-core', 'dist/tf-core.node.js', core)).toEqual(core.slice(0, 3));
  expect(kept('long', 'index.js', ['src', 'src/long.js', 'index.d.ts'])).toEqual(['src', 'src/long.js']);
});
