import type { FastifyInstance } from 'fastify';
import { illegalContent, looksLikeScript } from './xss-filter.ts';

/** JSON bodies, none where a client sends an empty one, and the text itself for routes that hand it on. */
export function readRawBodies(app: FastifyInstance, { xssFilter }: { readonly xssFilter: boolean }): void {
  const parseJson = app.getDefaultJsonParser('remove', 'remove');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    if (xssFilter && looksLikeScript(text.replaceAll(/[\r\n]/g, ''))) done(illegalContent());
    else if (request.routeOptions.config.rawBody === true) done(null, text);
    else if (text.trim() === '') done(null, undefined);
    else void parseJson(request, text, done);
  });
}
