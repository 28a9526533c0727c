/** Gets what a service asks; what it returns is the reply. */
export type RequestHandler = (data: unknown) => unknown;

/** The `data` of a reply. */
export type RequestReply =
  | { readonly r: string; readonly data: unknown }
  | { readonly r: string; readonly error: string; readonly reason?: string };

/** Never rejects; undefined for what is no request. */
export async function answerRequest(
  request: unknown,
  handler: RequestHandler | undefined,
): Promise<RequestReply | undefined> {
  const { r, data } = (request ?? {}) as { r?: unknown; data?: unknown };
  if (typeof r !== 'string') return undefined;
  if (!handler) return { r, error: 'NO_HANDLER' };
  try {
    const reply: unknown = (await handler(data)) ?? null;
    JSON.stringify(reply); // what cannot be written is told here, and not when it is sent
    return { r, data: reply };
  } catch (error) {
    return { r, error: 'FAILED', reason: error instanceof Error ? error.message : String(error) };
  }
}
