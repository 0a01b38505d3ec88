import { describe, expect, it } from 'vitest';
import { cudaRequirements, pinnedWheels, requirementLine } from './requirements.js';

describe('requirements', () => {
  it('are each pinned by a hash', () => {
    for (const requirement of [...pinnedWheels.cpu, ...pinnedWheels.gpu])
      expect(requirementLine(requirement)).toMatch(/^[a-z\d-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}$/);
  });

  it('of CUDA are read from TensorFlow’s metadata', () => {
    const metadata = `Requires-Dist: numpy>=1.26.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-nccl-cu12 (==2.23.4) ; extra == 'and-cuda'
Requires-Dist: tensorflow-io>=0.23; python_version < "3.12" and extra == "gcs"
`;
    expect(cudaRequirements(metadata).map(requirementLine)).toEqual([
      'nvidia-cublas-cu12<13.0,>=12.5.3.2',
      'nvidia-nccl-cu12==2.23.4',
    ]);
  });
});
