import type { BackendName } from '../select-backend/backend-name.js';
import { tensorflowCommand } from '../tensorflow/tfjs-packages.js';

const packages: Readonly<Record<Exclude<BackendName, 'tensorflow'>, string>> = {
  webgpu: '@tensorflow/tfjs-backend-webgpu webgpu',
  wasm: '@tensorflow/tfjs-backend-wasm',
  webgl: '@tensorflow/tfjs-backend-webgl',
  cpu: '@tensorflow/tfjs-backend-cpu',
};

/** The remedy for a backend that does not train, given the reason from its trial. */
export function remedyFor(name: BackendName, reason: string): string {
  if (name === 'tensorflow') return tensorflowCommand((from) => reason.includes(`${from}: not installed`));
  if (reason.includes('no adapter'))
    return 'Install a Vulkan driver; on Debian: apt-get install mesa-vulkan-drivers';
  const isAbsent = /not installed|cannot be imported/.test(reason);
  return isAbsent ? `npm install ${packages[name]}` : `npm rebuild ${packages[name]}, or use another backend`;
}
