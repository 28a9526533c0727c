/** A server for a whole run: one that was there before, or one that was started for it. */
export interface SharedServer {
  readonly url: string;
  /** Nothing happens to a server that was there before. */
  stop(): Promise<void>;
}

/** `name=url` for messages, without what only its owner should know. Throws unless the protocol is one of `protocols`. */
export function nameUrl(name: string, text: string, protocols: readonly string[]): string {
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
    const examples = protocols.map((protocol) => `${protocol}//host:port`).join(' or ');
    throw new Error(`${name} must be one server: ${examples}`);
  }
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  url.search = ''; // may hold a password too
  return `${name}=${url.href}`;
}
