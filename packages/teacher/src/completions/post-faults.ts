import { KdError } from '@kd/core';
import { failed } from '../failed.js';
import type { Endpoint } from './endpoint.js';

/** How much of a body is shown. */
const shown = 300;

/** The error for a connection that failed. */
export function unreached({ where, name }: Endpoint, error: unknown): KdError {
  const reason = (error as Error).cause instanceof Error ? (error as Error).cause : error;
  return failed(where, name, reason, 'Check the address, and whether the server runs.');
}

/** The error for an answer that did not come in time. */
export function tooLate({ where, name, timeoutMs }: Endpoint): KdError {
  return new KdError({
    code: 'KD_TEACHER_TIMEOUT',
    where,
    argument: name,
    expected: `answered within ${String(timeoutMs)} ms`,
    received: 'no answer',
    remedy: 'Raise timeoutMs, allow more retries, or lower the concurrency.',
  });
}

/** The error for a status, with the first part of the body. */
export function refused(endpoint: Endpoint, { status, statusText }: Response, text: string): KdError {
  return new KdError({
    code: 'KD_SERVER_STATUS',
    where: endpoint.where,
    argument: endpoint.name,
    expected: 'answered with the status 200',
    received: `${`${String(status)} ${statusText}`.trim()} and ${excerpt(endpoint, text)}`,
    remedy: 'See what the server says, and its documentation for the fields that it takes.',
  });
}

/** The error for a body that is not JSON. */
export function notJson(endpoint: Endpoint, text: string): KdError {
  return new KdError({
    code: 'KD_SERVER_ANSWER',
    where: endpoint.where,
    argument: `the answer to ${endpoint.name}`,
    expected: 'JSON',
    received: `${String(text.length)} characters that do not parse, ${excerpt(endpoint, text)}`,
    remedy: 'Check the address, and what stands between here and the server.',
  });
}

/** The first part of a body, in one line. */
function excerpt({ hide }: Endpoint, text: string): string {
  const line = hide(text).replace(/\s+/g, ' ').trim();
  if (line === '') return 'an empty body';
  return `the body ${JSON.stringify(line.length > shown ? `${line.slice(0, shown)}…` : line)}`;
}
