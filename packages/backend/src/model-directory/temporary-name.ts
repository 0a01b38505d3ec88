import { randomBytes } from 'node:crypto';

const pattern = /^kd-save-(\d+)-[0-9a-f]{8}(?:-.+)?\.(?:bin|json)$/;

/** The start of the names of all files of one save, unique among processes: `kd-save-4711-0badcafe`. */
export function temporaryName(): string {
  return `kd-save-${String(process.pid)}-${randomBytes(4).toString('hex')}`;
}

/** Whether a file was left behind by an earlier save that was killed; `own` is the name of the one under way. */
export function isLeftover(file: string, own: string): boolean {
  const pid = pattern.exec(file)?.[1];
  if (pid === undefined || file.startsWith(own)) return false;
  // In a container the process that is started again has the id of the killed one.
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

/** Whether a process of this machine is running. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
