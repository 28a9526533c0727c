import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'im-common';
import { toFastifyLogger } from './request-logger.ts';
import { operationRoutes, type OperationDeps } from './operations.ts';

export interface OperationsAppDeps extends OperationDeps {
  readonly logger: Logger;
  /** `/v1` as OpenAPI has it. */
  readonly apiDocument: () => string;
  /** Box-im's API, the same. */
  readonly document: ReturnType<FastifyInstance['swagger']>;
}

/** What operators ask, on a port of its own that nobody else reaches. */
export async function createOperationsApp(deps: OperationsAppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: toFastifyLogger(deps.logger),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(swagger, { mode: 'static', specification: { document: deps.document as never } });
  operationRoutes(app, deps);
  await documentation(app, deps.apiDocument);
  return app;
}

/** The pages at /docs, of both APIs. */
export async function documentation(app: FastifyInstance, apiDocument: () => string): Promise<void> {
  app.get('/docs/v1.json', { schema: { hide: true } }, (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(apiDocument()),
  );
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: {
      urls: [
        { name: '/v1', url: '/docs/v1.json' },
        { name: 'the API of box-im', url: '/docs/json' },
      ],
    },
    staticCSP: true,
    // Its own policy, which forgets its inline styles, and would break it on plain http.
    transformStaticCSP: (policy) =>
      policy
        .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
        .replace('upgrade-insecure-requests;', ''),
  });
}
