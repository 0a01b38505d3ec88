import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { useBackend } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { failing } from '../test/failing.js';
import { soundTerms } from '../test/sound-terms.js';

await useBackend('cpu');

describe('a sound term', () => {
  it.each(Object.entries(soundTerms))('%s keeps every rule', async (_, subject) => {
    expect(await failing(subject)).toEqual({});
  });
});
