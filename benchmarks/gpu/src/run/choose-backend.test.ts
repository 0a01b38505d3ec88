import { expect, it } from 'vitest';
import { chooseBackend } from './choose-backend.js';

const ready = (name: 'tensorflow' | 'webgpu' | 'wasm', device: string) => ({
  type: 'ready' as const,
  about: '',
  backend: {
    name,
    package: name,
    device,
    skipped: [{ package: '@tensorflow/tfjs-node-gpu', reason: 'not installed' }],
  },
});

it('says which backend it is, and why not another', () => {
  expect(chooseBackend(ready('webgpu', 'NVIDIA'), false)).toMatchObject({
    name: 'webgpu',
    why: 'webgpu on NVIDIA; not @tensorflow/tfjs-node-gpu: not installed',
  });
  expect(chooseBackend(ready('tensorflow', 'GPU (CUDA, TensorFlow 2.21.0)'), false).name).toBe('tensorflow');
});

it('takes no processor for a GPU', () => {
  const software = ready('webgpu', 'SwiftShader (software)');
  expect([chooseBackend(software, false).name, chooseBackend(software, true).name]).toEqual([null, 'webgpu']);
  expect(chooseBackend(ready('tensorflow', 'processor (TensorFlow 2.21.0)'), false).name).toBeNull();
  expect(chooseBackend(ready('wasm', 'processor, 2 threads'), false).why).toMatch(/^no backend computes/);
  expect(chooseBackend({ type: 'failure', message: 'it hangs' }, false)).toEqual({
    name: null,
    why: 'it hangs',
  });
});
