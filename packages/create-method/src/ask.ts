import { isCancel, select, text } from '@clack/prompts';
import { KdError } from '@kd/core';
import type { MethodRequest } from './create-method.js';
import { namesOf } from './names.js';
import type { Kind } from './template.js';

/** What each kind is for, in the help and in the question. */
export const meanings: Readonly<Record<Kind, string>> = {
  features: 'compares a layer of the student with one of the teacher',
  logits: 'compares their outputs',
  module: 'compares layers through a projector that is trained too',
};

type Streams = NonNullable<Pick<Parameters<typeof text>[0], 'input' | 'output'>>;

/** Asks for the name, and for the kind unless it is given; undefined if the user gives up. */
export async function ask(given?: Kind, streams: Streams = {}): Promise<MethodRequest | undefined> {
  const name = await text({
    message: 'Name of the package?',
    placeholder: 'kd-my-method',
    validate: (answer) => faultOf(answer ?? ''),
    ...streams,
  });
  if (isCancel(name)) return undefined;
  if (given !== undefined) return { name, kind: given };
  const kind = await select<Kind>({
    message: 'What does the method do?',
    options: Object.entries(meanings).map(([value, hint]) => ({ value: value as Kind, hint })),
    ...streams,
  });
  return isCancel(kind) ? undefined : { name, kind };
}

function faultOf(name: string): string | undefined {
  try {
    namesOf(name);
    return undefined;
  } catch (error) {
    if (KdError.isInstance(error)) return error.message;
    throw error;
  }
}
