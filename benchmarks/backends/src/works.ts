import { convnet, perceptron } from './nets.js';
import type { Net } from './nets.js';

/** A kind of training step. */
export interface Work {
  readonly name: string;
  readonly step: 'plain' | 'kd' | 'kd-targets' | 'hint';
  readonly inputShape: readonly number[];
  readonly student: () => Net;
  readonly teacher: () => Net;
}

const steps = ['plain', 'kd', 'kd-targets', 'hint'] as const;

const ofPerceptron = steps.map((step) => ({
  name: `mlp-${step}`,
  step,
  inputShape: [128, 784],
  student: () => perceptron(800),
  teacher: () => perceptron(1200),
}));

const ofConvnet = steps.map((step) => ({
  name: `conv-${step}`,
  step,
  inputShape: [64, 28, 28, 1],
  student: () => convnet(16),
  teacher: () => convnet(32),
}));

/**
 * The timed steps: labels alone, a teacher that runs in the step, precomputed targets, and a hint from the
 * teacher's middle.
 */
export const works: readonly Work[] = [...ofPerceptron, ...ofConvnet];
