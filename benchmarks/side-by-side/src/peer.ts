import type { Answers, Request } from './messages.js';

/** A process that trains a student step by step when asked. */
export interface Peer {
  /** What it runs on, for the reader. */
  readonly about: string;
  readonly ask: <Type extends Request['type']>(
    request: Extract<Request, { readonly type: Type }>,
  ) => Promise<Answers[Type]>;
  readonly close: () => void;
}
