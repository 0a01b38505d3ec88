import { KdError } from '@kd/core';
import { where } from './where.js';

/** What of a machine decides whether TensorFlow's library runs on it. */
export interface Platform {
  readonly system: string;
  readonly processor: string;
  /** Its version of glibc; undefined for another C library, such as musl. */
  readonly glibc: string | undefined;
}

/** This machine. */
export function thisPlatform(): Platform {
  const { header } = process.report.getReport() as {
    readonly header: { readonly glibcVersionRuntime?: string };
  };
  return { system: process.platform, processor: process.arch, glibc: header.glibcVersionRuntime };
}

/** Throws `KD_PLATFORM_UNSUPPORTED` unless it is Linux on x64 with glibc. */
export function checkPlatform({ system, processor, glibc }: Platform): void {
  if (system === 'linux' && processor === 'x64' && glibc !== undefined) return;
  const library = system === 'linux' && glibc === undefined ? ' without glibc' : '';
  throw new KdError({
    code: 'KD_PLATFORM_UNSUPPORTED',
    where,
    argument: 'the platform',
    expected: 'Linux on x64 with glibc, for which there are wheels of TensorFlow with its C library',
    received: `${system} on ${processor}${library}`,
    remedy: remedyFor(system, library !== ''),
  });
}

function remedyFor(system: string, isMusl: boolean): string {
  if (system === 'win32') return 'Use WSL 2, or the backends webgpu and wasm, which need no installation.';
  return isMusl
    ? 'Take an image with glibc (Debian, Ubuntu) instead of Alpine, or the backend wasm.'
    : 'Use the backends webgpu and wasm, which need no installation.';
}
