import type { FastifyInstance } from 'fastify';
import { publicUrlOf } from '../http/public-url.ts';
import { apiPath, type AnyApiRoute } from './api-route.ts';
import { describeApi } from './document.ts';

/** Before the routes of `/v1`: they are collected, and described at `/v1/openapi.json`. */
export function serveApi(
  app: FastifyInstance,
  options: { readonly publicUrl?: string | undefined; readonly port: number },
): void {
  const routes: AnyApiRoute[] = [];
  app.decorate('apiRoutes', routes);
  let text: string | undefined;
  const read = (): string => (text ??= JSON.stringify(describeApi(routes, publicUrlOf(app.server, options))));
  app.decorate('apiDocument', read);
  app.get(`${apiPath}/openapi.json`, { schema: { hide: true } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(read()),
  );
}

/** Whether a request is for `/v1`, whatever there may be at its path. */
export function isForApi({ url }: { readonly url: string }): boolean {
  return url === apiPath || url.startsWith(`${apiPath}/`) || url.startsWith(`${apiPath}?`);
}
