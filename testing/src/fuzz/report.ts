/** What the worker tells its parent: before each call, and again after a call with a fault. */
export interface Report {
  readonly index: number;
  readonly of: number;
  readonly name: string;
  readonly fault?: string;
}
