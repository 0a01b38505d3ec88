import { isGone, thisProcess } from './process-id.js';
import type { ProcessId } from './process-id.js';

/** Who holds a lock, or requests it. */
export interface LockOwner extends ProcessId {
  /** 48 random bits, new for each lock taken; the temporary files of a run have them in their names. */
  readonly token: string;
}

/** This process as the owner of a lock. */
export async function ownerHere(token: string): Promise<LockOwner> {
  return { ...(await thisProcess()), token };
}

/** The owner as written in a lock: one line of JSON, readable by people too. */
export function textOfOwner({ host, pid, started, boot, token }: LockOwner): string {
  return `${JSON.stringify({ host, pid, started, boot, token })}\n`;
}

/** The owner named in a lock; undefined if we did not write that file. */
export function parseOwner(text: string): LockOwner | undefined {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { host, pid, started, boot, token } = Object(content) as Record<string, unknown>;
  const isText = (value: unknown): value is string | undefined =>
    value === undefined || typeof value === 'string';
  if (typeof host !== 'string' || !isText(started) || !isText(boot)) return undefined;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined;
  if (typeof token !== 'string' || !/^[0-9a-f]{12}$/.test(token)) return undefined;
  return { host, pid, started, boot, token };
}

/** Tokens of locks that this process has released but could not remove. */
const left = new Set<string>();

/** Notes that this process no longer holds a lock, although its file may still exist. */
export function giveUp(token: string): void {
  left.add(token);
}

/** Whether an owner is gone for good. */
export async function isStale(owner: LockOwner): Promise<boolean> {
  return left.has(owner.token) || isGone(owner);
}
