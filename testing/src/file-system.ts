// A file system for tests. It records its calls. One call can fail, or one and all later ones, as if the
// process were killed. In a test: vi.mock('node:fs/promises', async (original) => (await
// import('@kd/testing/file-system')).recorded(await original()));
import type * as FileSystem from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';
import { expect } from 'vitest';

/** A call that changes something or flushes it to disk. */
export interface Call {
  readonly name: string;
  readonly path: string;
  /** The new path of `rename` and `link`. */
  readonly to?: string;
}

/** `kill`: the call and all later ones fail; otherwise only the call fails, with this system code. */
export type Fault = 'kill' | { readonly code: string };

let calls: Call[] = [];
let callsLeft = Infinity;
let fault: Fault = 'kill';

function count(call: Call): void {
  callsLeft -= 1;
  if (fault === 'kill' ? callsLeft < 0 : callsLeft === -1) {
    throw Object.assign(new Error('fault'), fault === 'kill' ? {} : fault);
  }
  calls.push(call);
}

/** The number of calls before the fault; if absent, all calls succeed. */
export function setFault(next: Fault = 'kill', after: number = Infinity): void {
  callsLeft = after;
  fault = next;
}

/** Returns the calls that `body` makes. */
export async function callsOf(body: () => Promise<unknown>): Promise<readonly Call[]> {
  calls = [];
  await body();
  return calls;
}

/**
 * Runs `body` with a fault at its first call, then at its second, and so on, until a run ends before the
 * fault. Calls `check` after each run, with what the run threw. Returns the number of calls.
 */
export async function faultAtEachCall(
  kind: Fault,
  body: (call: number) => Promise<unknown>,
  check: (failure: unknown, call: number) => Promise<void>,
): Promise<number> {
  for (let call = 0; ; call++) {
    setFault(kind, call);
    const failure = await body(call).then(
      () => undefined,
      (error: unknown) => error ?? 'undefined',
    );
    const isReached = callsLeft < 0;
    setFault();
    await check(failure, call);
    if (!isReached) return call;
  }
}

/**
 * Expects that each renamed file, or every file in a renamed directory, was synced before the rename, and
 * that the new parent directory is synced before the next rename. Hidden files may get lost.
 */
export function expectOnDisk(made: readonly Call[]): void {
  const puts = made.flatMap(({ name, to = '' }, at) =>
    ['rename', 'link'].includes(name) && !basename(to).startsWith('.') ? [at] : [],
  );
  expect(puts).not.toEqual([]);
  for (const [index, at] of puts.entries()) {
    const { path, to = '' } = made[at] as Call;
    const isSynced = (what: string, from: number, until: number): boolean =>
      made.slice(from, until).some((call) => call.name === 'sync' && call.path === what);
    for (const [written, call] of made.slice(0, at).entries()) {
      const isPart = call.path === path || call.path.startsWith(path + sep);
      if (call.name === 'write' && isPart)
        expect(isSynced(call.path, written, at), `sync of ${call.path} before ${to}`).toBe(true);
      if (call.name === 'open' && call.path.startsWith(path + sep))
        expect(isSynced(dirname(call.path), written, at), `sync of ${path} before ${to}`).toBe(true);
    }
    // Further names of a file that is on disk may share one sync.
    const next = puts.slice(index + 1).find((later) => made[later]?.name === 'rename');
    expect(isSynced(dirname(to), at, next ?? made.length), `sync of ${dirname(to)} after ${to}`).toBe(true);
  }
}

/** `node:fs/promises` whose calls are recorded and can fail. */
export function recorded(real: typeof FileSystem): typeof FileSystem {
  const onPath =
    <Path, Given extends unknown[], Result>(
      name: string,
      call: (path: Path, ...given: Given) => Promise<Result>,
    ) =>
    async (path: Path, ...given: Given): Promise<Result> => {
      const [to] = given;
      count({ name, path: String(path), ...(typeof to === 'string' ? { to } : {}) });
      return call(path, ...given);
    };
  const open = async (...given: Parameters<typeof real.open>): Promise<FileSystem.FileHandle> => {
    const path = String(given[0]);
    if (given[1] !== 'r') count({ name: 'open', path });
    const handle = await real.open(...given);
    const write = handle.writeFile.bind(handle);
    handle.writeFile = async (data) => {
      const bytes = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
      // An interrupted write has written a part.
      await write(bytes.subarray(0, bytes.length / 2));
      count({ name: 'write', path });
      await write(bytes.subarray(bytes.length / 2));
    };
    const sync = handle.sync.bind(handle);
    handle.sync = async () => {
      count({ name: 'sync', path });
      await sync();
    };
    return handle;
  };
  return {
    ...real,
    open,
    mkdir: onPath(
      'mkdir',
      real.mkdir as (path: string, options?: object) => Promise<undefined>,
    ) as typeof real.mkdir,
    link: onPath('link', real.link),
    rename: onPath('rename', real.rename),
    rm: onPath('rm', real.rm),
    rmdir: onPath('rmdir', real.rmdir),
  };
}
