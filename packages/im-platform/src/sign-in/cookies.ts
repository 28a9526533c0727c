import type { FastifyReply, FastifyRequest } from 'fastify';

// What a browser keeps for a moment, and no script reads. It goes to one route each.

export interface Cookie {
  readonly name: string;
  /** Below the public address. */
  readonly path: string;
  readonly maxAgeS: number;
  /** Strict: only our own page sends it. Lax: also who is sent back to us from elsewhere. */
  readonly sameSite: 'Strict' | 'Lax';
}

/** `value` undefined takes it away. */
export function setCookie(
  reply: FastifyReply,
  { name, path, maxAgeS, sameSite }: Cookie,
  publicUrl: string,
  value: string | undefined,
): void {
  const { protocol, pathname } = new URL(publicUrl);
  const parts = [
    `${name}=${value ?? ''}`,
    `Path=${pathname.replace(/\/$/, '')}${path}`,
    `Max-Age=${value === undefined ? 0 : maxAgeS}`,
    ...['HttpOnly', `SameSite=${sameSite}`],
    ...(protocol === 'https:' ? ['Secure'] : []),
  ];
  // Several of them are several lines.
  void reply.header('set-cookie', parts.join('; '));
}

export function cookieIn(
  { headers }: Pick<FastifyRequest, 'headers'>,
  { name }: Pick<Cookie, 'name'>,
): string {
  const values = (headers.cookie ?? '').split('; ').filter((pair) => pair.startsWith(`${name}=`));
  return values[0]?.slice(name.length + 1) ?? '';
}
