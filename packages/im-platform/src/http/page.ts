import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { ResolvedOptions } from '../options.ts';

/** Beside the compiled sources, and where the build puts it: the same folder from src/ and from dist/. */
const builtPage = fileURLToPath(new URL('../../dist/page/', import.meta.url));

/** The chat page at `/`, and what it must know at `/page.json`. A platform that was not built has none. */
export async function servePage(
  app: FastifyInstance,
  {
    page,
    imUrl,
    logger,
    identityProviders,
    linkPreviews,
    redPackets,
    drive,
    endToEnd,
  }: Pick<
    ResolvedOptions,
    | ('page' | 'imUrl' | 'logger' | 'identityProviders')
    | ('linkPreviews' | 'redPackets' | 'drive' | 'endToEnd')
  >,
): Promise<void> {
  if (page === false) return;
  const { folder = builtPage, demoAccounts = [] } = page === true ? {} : page;
  if (!(await isThere(folder))) {
    logger.debug({ folder }, 'the page is not built; / serves nothing');
    return;
  }
  await app.register(async (scope) => {
    // Not counted: a hundred files for each who opens the page, and an office is one address.
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, isUnlimited: true };
    });
    // A route for each file, so that unknown addresses stay unknown; asked for again with its ETag each time.
    await scope.register(staticFiles, {
      root: resolve(folder),
      wildcard: false,
      maxAge: 0,
      decorateReply: false,
      setHeaders(answer, path) {
        // Named after what is in them.
        if (path.startsWith(join(resolve(folder), 'assets/')))
          void answer.header('cache-control', 'public, max-age=31536000, immutable');
      },
    });
  });
  const providers = identityProviders
    .filter(({ clientId }) => clientId !== undefined)
    .map(({ id, name = id }) => ({ id, name }));
  app.get('/page.json', { schema: { hide: true }, config: { isUnlimited: true } }, () => ({
    ...{ imUrl: imUrl ?? null, demoAccounts, identityProviders: providers, linkPreviews, redPackets, drive },
    endToEnd,
  }));
}

/** What the page may do: load its own files, call its own server, and connect to the push server. */
export function contentSecurityPolicy({
  imUrl,
  endToEnd,
}: Pick<ResolvedOptions, 'imUrl' | 'endToEnd'>): Record<string, string[]> {
  // Without an address the page takes its own host and the usual port.
  const pushServer = imUrl === undefined ? ['ws://*:8878', 'wss://*:8878'] : [new URL(imUrl).origin];
  return {
    'default-src': ["'self'"],
    // What encrypts is WebAssembly.
    ...(endToEnd && { 'script-src': ["'self'", "'wasm-unsafe-eval'"] }),
    // A recording is looked at before it is sent.
    'connect-src': ["'self'", 'blob:', ...pushServer],
    'img-src': ["'self'", 'data:', 'blob:', 'https:', 'http:'],
    'media-src': ["'self'", 'blob:', 'https:', 'http:'],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
}

async function isThere(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}
