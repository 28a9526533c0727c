import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'im-common';
import { toFastifyLogger } from './request-logger.ts';
import { operationRoutes, type OperationDeps } from './operations.ts';

export interface OperationsAppDeps extends OperationDeps {
  readonly logger: Logger;
  /** The API, as OpenAPI has it. */
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
  await documentation(app);
  return app;
}

/** The pages at /docs. */
export async function documentation(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // Its own policy, which forgets its inline styles, and would break it on plain http.
    transformStaticCSP: (policy) =>
      policy
        .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
        .replace('upgrade-insecure-requests;', ''),
  });
}
