import type { FastifyInstance } from 'fastify';

/** JSON bodies, none where a client sends an empty one, and the text itself for routes that hand it on. */
export function readRawBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('remove', 'remove');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body);
    if (request.routeOptions.config.rawBody === true) done(null, text);
    else if (text.trim() === '') done(null, undefined);
    else void parseJson(request, text, done);
  });
}
