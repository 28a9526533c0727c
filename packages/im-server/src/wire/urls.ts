import type { IncomingMessage } from 'node:http';
import { hostname } from 'node:os';
import type { ResolvedOptions } from '../options/options.ts';

type UrlOptions = Pick<ResolvedOptions, 'host' | 'path' | 'tls' | 'publicUrl'>;

/** Where devices connect, as this machine sees it. */
export function localUrl(options: UrlOptions, port: number): string {
  return urlOf(options, port, 'localhost');
}

/** Where devices connect, as backends are told. */
export function announcedUrl(options: UrlOptions, port: number): string {
  return urlOf(options, port, hostname());
}

function urlOf({ host, path, tls, publicUrl }: UrlOptions, port: number, ownName: string): string {
  const name = host === '0.0.0.0' || host === '::' ? ownName : host;
  return publicUrl ?? `${tls ? 'wss' : 'ws'}://${name}:${port}${path}`;
}

/** Only what is on the same machine connects there, and knows it by that name. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** The path of a request; undefined for what is none, such as `//`, which the URL parser throws at. */
export function pathOf({ url = '/' }: IncomingMessage): string | undefined {
  const base = 'http://localhost';
  return URL.canParse(url, base) ? new URL(url, base).pathname : undefined;
}
