/** What the text is as JSON; undefined if it is none. JSON has no undefined. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
