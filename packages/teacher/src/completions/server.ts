import { failed } from '../failed.js';
import { budgetOf } from './budget.js';
import type { Budget } from './budget.js';
import type { Endpoint } from './endpoint.js';
import { post } from './post.js';
import { retried } from './retried.js';
import type { ServerSettings } from './server-options.js';

/** Asks a server: sends fields as JSON, with retries, and returns the JSON of the answer. */
export type Send = (
  fields: Readonly<Record<string, unknown>>,
  tokens: number,
  signal: AbortSignal,
) => Promise<unknown>;

/** A server at a path behind its address: `completions`. Each request counts for its budget. */
export function serverAt(where: string, path: string, settings: ServerSettings, budget: Budget): Send {
  const { model, request } = settings;
  const endpoint = endpointOf(where, path, settings);
  const spend = budgetOf(where, budget);
  return (fields, tokens, signal) => {
    const body = json(where, { model, ...fields, ...request });
    return retried(
      async () => {
        spend(tokens);
        return post(endpoint, body, signal);
      },
      settings,
      signal,
    );
  };
}

function json(where: string, fields: object): string {
  try {
    return JSON.stringify(fields);
  } catch (error) {
    throw failed(where, 'a request', error, 'Use only what JSON can hold in prompts.');
  }
}

function endpointOf(
  where: string,
  path: string,
  { url: base, apiKey, timeoutMs, retries }: ServerSettings,
): Endpoint {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  const times = retries === 0 ? 'sent once' : `sent up to ${String(retries + 1)} times`;
  return {
    where,
    url,
    // Without the query, which may hold a key.
    name: `POST ${url.origin}${url.pathname}, ${times},`,
    headers: {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    timeoutMs,
    hide: (text) => (apiKey === undefined ? text : text.replaceAll(apiKey, '[apiKey]')),
  };
}
