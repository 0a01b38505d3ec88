/** Where requests go. */
export interface Endpoint {
  readonly where: string;
  readonly url: URL;
  /** What messages call a request. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Removes what must not be shown from a text of the server. */
  readonly hide: (text: string) => string;
}
