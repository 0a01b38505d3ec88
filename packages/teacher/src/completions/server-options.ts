import { optionsOf, text, whole } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import { delay, longestWait, timeUpTo } from '../waits.js';
import { baseUrl, jsonFields, secret } from './server-checks.js';

/** A server that speaks OpenAI's protocol, and how it is asked. */
export interface ServerOptions {
  /** The address up to `/completions` or `/chat/completions`: `http://localhost:8000/v1`. */
  readonly url: string;
  /** The name of the model on the server. */
  readonly model: string;
  /**
   * A text that changes whenever the answers do without a change of the other options: with the version of
   * the model behind its name, with the server's rounding, with the functions among the options.
   */
  readonly fingerprint: string;
  /** Sent in the header `Authorization: Bearer ...` and shown nowhere. */
  readonly apiKey?: string;
  /** Further fields of each request, for what a server needs; they replace the teacher's. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** Number of questions that are asked at the same time; default 4. */
  readonly concurrency?: number;
  /** How often a question is repeated: after the statuses 408, 429 and 5xx, and network faults; default 4. */
  readonly retries?: number;
  /**
   * Milliseconds before the first retry, doubled before each further one; longer if the server says so in
   * `Retry-After`; default 1000.
   */
  readonly retryDelayMs?: number;
  /** Time limit of each request in milliseconds; default 60,000. */
  readonly timeoutMs?: number;
  /** Most requests that this teacher sends, with all retries; default: no limit. */
  readonly maxRequests?: number;
}

type Defaulted = 'concurrency' | 'retries' | 'retryDelayMs' | 'timeoutMs';

export const serverOptions: Options<
  ServerOptions,
  FieldsOf<ServerOptions, Defaulted>
> = optionsOf<ServerOptions>()({
  url: baseUrl,
  model: text,
  fingerprint: text,
  apiKey: secret.optional(),
  request: jsonFields.optional(),
  concurrency: whole(1).default(4),
  retries: whole(0).default(4),
  retryDelayMs: delay.default(1000),
  timeoutMs: timeUpTo(longestWait).default(60_000),
  maxRequests: whole(1).optional(),
});

/** The options of a server as the code gets them. */
export type ServerSettings = Settings<FieldsOf<ServerOptions, Defaulted>>;
