import { readFileSync } from 'node:fs';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** publint's findings in the tarball; a warning counts as an error. */
export async function publintFaults({ tarball }) {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball);
  const { messages, pkg: manifest } = await publint({
    strict: true,
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
  });
  return messages
    .filter(({ type }) => type !== 'suggestion')
    .map((message) => `publint: ${formatMessage(message, manifest, { color: false })}`);
}
