import type { SelectedBackend } from '@kd/backend/node';
import type { Failure, Ready } from '../steps/messages.js';

/** The backend of our peers, or why there is none on a GPU. */
export interface ChosenBackend {
  readonly name: 'tensorflow' | 'webgpu' | null;
  /** What was selected, on a GPU or not. */
  readonly selected?: SelectedBackend;
  readonly why: string;
}

/** Judges what a process says that selected a backend. */
export function chooseBackend(answer: Ready | Failure, software: boolean): ChosenBackend {
  const selected = answer.type === 'ready' ? answer.backend : undefined;
  if (selected === undefined)
    return { name: null, why: answer.type === 'failure' ? answer.message : answer.about };
  const { name, device, skipped } = selected;
  const others = skipped.map(({ package: from, reason }) => `${from}: ${reason}`).join('; ');
  const why = [`${name} on ${device}`, others].filter((text) => text !== '').join('; not ');
  if (software && (name === 'webgpu' || name === 'tensorflow'))
    return { name, selected, why: `${why}; software was asked for` };
  if (name === 'webgpu' && !device.endsWith('(software)')) return { name, selected, why };
  if (name === 'tensorflow' && device.startsWith('GPU'))
    return { name, selected, why: `${why}; WebGPU is only tried if TensorFlow sees no GPU` };
  return { name: null, selected, why: `no backend computes on a GPU; selected: ${why}` };
}
