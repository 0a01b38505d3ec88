import type { ErrorCodes } from '@kd/core';

/** Codes of this package. They are stable, and never reused for another fault. */
export const errorCodes: ErrorCodes = {
  KD_PLATFORM_UNSUPPORTED: {
    means: 'There is no TensorFlow build for this system or processor.',
    remedy: 'Use a backend that needs no installation, such as wasm, or use another machine.',
  },
  KD_PACKAGE_MISSING: {
    means: 'The npm package to build is not installed.',
    remedy: 'Run the command in the message.',
  },
  KD_PYTHON_MISSING: {
    means: 'No Python 3 was found. Its pip downloads TensorFlow.',
    remedy: 'Install Python 3, or name one with --python.',
  },
  KD_PIP_MISSING: {
    means: 'Python has no pip, or its pip is too old.',
    remedy: 'Install pip, or name another Python with --python.',
  },
  KD_COMPILER_MISSING: {
    means: 'No C++ compiler was found.',
    remedy: 'Install g++, or name another compiler in the environment variable CXX.',
  },
  KD_TENSORFLOW_UNKNOWN: {
    means: 'The package index does not have this version of TensorFlow.',
    remedy: 'Choose one of the versions that the message lists.',
  },
  KD_DOWNLOAD_FAILED: {
    means: 'A pip download failed, or delivered a different file than expected.',
    remedy: 'Check the network and the settings of pip, then run the command again.',
  },
  KD_CACHE_UNTRUSTED: {
    means: 'Other users can change files in the cache, and programs in it are executed.',
    remedy: 'Change the owner or permissions of the path in the message, or choose another cache.',
  },
  KD_BUILD_FAILED: {
    means: 'The build of tfjs-node does not compile, or does not work.',
    remedy: 'Read the output of the compiler in the message.',
  },
};
