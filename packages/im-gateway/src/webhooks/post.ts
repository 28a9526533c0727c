import { signWebhook } from 'im-common/internal/network';

export interface Receiver {
  readonly url: string;
  readonly secrets: readonly Buffer[];
  readonly timeoutMs: number;
  /** The body of its answer matters. */
  readonly replies?: boolean;
}

/**
 * What a receiver said. `refused`: this body will never do (400, 413, 422). `away`: anything else, which may be better
 * another time: also a wrong path or a signature that is not known, as deploys and secrets are put right.
 */
export type Answer =
  | { readonly kind: 'taken'; readonly text: string }
  | { readonly kind: 'refused' | 'away'; readonly why: string };

const refusals: ReadonlySet<number> = new Set([400, 413, 422]);
const mostOfReason = 200;
const mostOfReply = 262_144;
/** What is read of an answer that nobody needs, so that its connection can be used again. */
const mostOfNothing = 4_096;

export async function post(
  { url, secrets, timeoutMs, replies = false }: Receiver,
  id: string,
  body: string,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signWebhook(id, body, secrets, Date.now()) },
      body,
      // What is signed for one address is not for another one that it names.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (response.ok) {
      if (replies) return await replyOf(response);
      // Taken, however long it goes on talking.
      void beginningOf(response, mostOfNothing).catch(() => undefined);
      return { kind: 'taken', text: '' };
    }
    const kind = refusals.has(response.status) ? 'refused' : 'away';
    return { kind, why: `it answered ${response.status} ${await reasonOf(response)}`.trimEnd() };
  } catch (error) {
    const { name, message, cause } = error as Error;
    const late = name === 'TimeoutError' ? `no answer within ${timeoutMs} ms` : undefined;
    const reason = cause instanceof Error ? cause.message : message;
    return { kind: 'away', why: late ?? reason };
  }
}

async function replyOf(response: Response): Promise<Answer> {
  const reply = await beginningOf(response, mostOfReply + 1);
  return reply.length > mostOfReply
    ? { kind: 'away', why: `it answered with more than ${mostOfReply} bytes` }
    : { kind: 'taken', text: reply.toString('utf8') };
}

async function reasonOf(response: Response): Promise<string> {
  return (await beginningOf(response, mostOfReason)).toString('utf8').replaceAll(/\s+/g, ' ');
}

/** A receiver may answer without end. */
async function beginningOf({ body }: Response, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let left = most;
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    pieces.push(piece.subarray(0, left));
    left -= piece.length;
    if (left <= 0) break;
  }
  return Buffer.concat(pieces);
}
