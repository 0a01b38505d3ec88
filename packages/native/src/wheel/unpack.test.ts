import { expect, it } from 'vitest';
import { placeOf } from './unpack.js';

it('extracts the needed files of a wheel to where TensorFlow looks for them', () => {
  expect(placeOf('tensorflow/libtensorflow_cc.so.2')).toBe('deps/lib/libtensorflow_cc.so.2');
  expect(placeOf('tensorflow/include/xla/tsl/c/tsl_status.h')).toBe('include/xla/tsl/c/tsl_status.h');
  const header = 'core/common_runtime/next_pluggable_device/c/tf_rendezvous_c_api.h';
  expect(placeOf(`tensorflow/include/tensorflow/${header}`)).toBe(`include/tensorflow/${header}`);
  expect(placeOf('nvidia/cudnn/lib/libcudnn.so.9')).toBe('deps/nvidia/cudnn/lib/libcudnn.so.9');
  expect(placeOf('nvidia/cuda_nvcc/bin/ptxas')).toBe('deps/nvidia/cuda_nvcc/bin/ptxas');
  const others = [
    'tensorflow/include/tensorflow/core/framework/op.h',
    'tensorflow/include/Eigen/Core',
    'tensorflow/python/_pywrap_tfe.so',
    'nvidia/cuda_nvrtc/lib/libnvrtc.alt.so.12',
    'nvidia/cudnn/include/cudnn.h',
    'nvidia_cudnn_cu12-9.1.dist-info/METADATA',
  ];
  for (const file of others) expect(placeOf(file)).toBeUndefined();
});
