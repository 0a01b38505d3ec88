import '@tensorflow/tfjs-layers';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { checkGradientsRegistered } from './check-gradients.js';

describe('checkGradientsRegistered', () => {
  it('accepts tfjs-layers', () => {
    expect(() => {
      checkGradientsRegistered('train');
    }).not.toThrow();
  });

  /** What a fresh process prints that imports `@kd/core`, tfjs-core and `more`. */
  function inFreshProcess(more: string): string {
    const program = `
      import { getGradient } from '@tensorflow/tfjs-core';
      import { checkGradientsRegistered } from '@kd/model';
      ${more}
      let result = 'silent';
      try { checkGradientsRegistered('train'); } catch (error) { result = error.code + ' ' + error.message; }
      console.log(getGradient('Sum') !== undefined, result);
    `;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--conditions=@kd/source', '--import', 'tsx', '--input-type=module', '--eval', program],
      { encoding: 'utf8', cwd: import.meta.dirname },
    );
    return stdout.trim() || stderr;
  }

  it('throws if only tfjs-core is loaded; @kd/core loads nothing else', () => {
    expect(inFreshProcess('')).toBe(
      'false KD_GRADIENT_UNAVAILABLE train: the gradients of tfjs must be registered; received none. ' +
        'Import @tensorflow/tfjs-layers or @tensorflow/tfjs before training; either registers them.',
    );
  });

  it('passes once the remedy in its message is followed', () => {
    expect(inFreshProcess("await import('@tensorflow/tfjs-layers');")).toBe('true silent');
  });
});
