const timeoutMs = 3_000;
const mostBytes = 256 * 1_024;

/** What an issuer publishes; not for ever, not without an end, and not from elsewhere. */
export async function fetchJson(url: string): Promise<unknown> {
  const answer = await fetch(url, {
    ...{ redirect: 'error', signal: AbortSignal.timeout(timeoutMs), headers: { accept: 'application/json' } },
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) throw new Error(`${url} answers more than ${mostBytes} bytes`);
    pieces.push(piece);
  }
  return JSON.parse(Buffer.concat(pieces).toString()) as unknown;
}
