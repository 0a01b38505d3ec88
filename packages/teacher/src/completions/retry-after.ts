import { longestWait } from '../waits.js';

/**
 * The header `Retry-After` in milliseconds, a number of seconds or a date (RFC 9110, 10.2.3); 0 if it is
 * missing or says nothing.
 */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0;
  const wait = /^\s*\d+(\.\d+)?\s*$/.test(header) ? 1000 * Number(header) : Date.parse(header) - now;
  return Number.isNaN(wait) ? 0 : Math.min(Math.max(wait, 0), longestWait);
}
