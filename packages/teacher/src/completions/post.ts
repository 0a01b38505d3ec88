import { timer } from '../function/timer.js';
import type { Endpoint } from './endpoint.js';
import { Passing } from './passing.js';
import { notJson, refused, tooLate, unreached } from './post-faults.js';
import { retryAfterMs } from './retry-after.js';

/** Sends JSON and returns the JSON of the answer. Throws `Passing` for what may help to repeat. */
export async function post(endpoint: Endpoint, body: string, signal: AbortSignal): Promise<unknown> {
  const { response, text } = await exchange(endpoint, body, signal);
  if (!response.ok) {
    const { status } = response;
    const fault = refused(endpoint, response, text);
    const isPassing = status === 408 || status === 429 || status >= 500;
    throw isPassing
      ? new Passing(fault, retryAfterMs(response.headers.get('retry-after'), Date.now()))
      : fault;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Its message would quote the text.
    throw new Passing(notJson(endpoint, text));
  }
}

async function exchange(
  endpoint: Endpoint,
  body: string,
  signal: AbortSignal,
): Promise<{ response: Response; text: string }> {
  const { url, headers, timeoutMs } = endpoint;
  const end = new AbortController();
  const abort = (): void => {
    end.abort();
  };
  const limit = timer(timeoutMs, abort);
  signal.throwIfAborted();
  signal.addEventListener('abort', abort);
  limit.start();
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal: end.signal });
    return { response, text: await response.text() };
  } catch (error) {
    signal.throwIfAborted();
    throw new Passing(end.signal.aborted ? tooLate(endpoint) : unreached(endpoint, error));
  } finally {
    limit.stop();
    signal.removeEventListener('abort', abort);
  }
}
