import '@tensorflow/tfjs-layers';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { checkGradientsRegistered } from './check-gradients.js';

describe('checkGradientsRegistered', () => {
  it('is silent where tfjs-layers is loaded', () => {
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

  it('throws where only tfjs-core is loaded; @kd/core itself loads nothing else', () => {
    expect(inFreshProcess('')).toBe(
      'false KD_GRADIENT_UNAVAILABLE train: the gradients of tfjs must be registered; received none. ' +
        'Import @tensorflow/tfjs-layers or @tensorflow/tfjs before training; either registers them.',
    );
  });

  it('is silent once the remedy of its message was followed', () => {
    expect(inFreshProcess("await import('@tensorflow/tfjs-layers');")).toBe('true silent');
  });
});
