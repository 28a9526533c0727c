import type {
  FastifyBaseLogger,
  FastifyPluginAsync,
  FastifyTypeProviderDefault,
  RawServerDefault,
} from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { createImClient, type ImClient, type ImClientOptions } from 'im-client';
import { addTokenRoute, type TokenRoute } from './token-route.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly im: ImClient;
  }
}

/** Those of createImClient, or a client that is there already: in tests that of `im-client/testing`. */
export type ImPluginOptions = (ImClientOptions | { readonly client: ImClient }) & {
  /** Gives devices of signed-in users their tokens. Without it there is no such route. */
  readonly token?: TokenRoute | undefined;
};

/**
 * An `ImClient` for the whole application, as `app.im`. It starts before the application is ready, which it is not without a bus, and
 * closes when all requests are answered.
 *
 * @example
 * await app.register(imPlugin, { service: 'shop', redis: 'redis://localhost' });
 */
export const imPlugin: FastifyPluginAsync<ImPluginOptions> = fastifyPlugin<
  ImPluginOptions,
  RawServerDefault,
  FastifyTypeProviderDefault,
  FastifyBaseLogger,
  FastifyPluginAsync<ImPluginOptions>
>(
  async (app, { token, ...options }) => {
    const client = 'client' in options ? options.client : createImClient({ logger: app.log, ...options });
    app.decorate('im', client);
    app.addHook('onReady', () => client.start());
    app.addHook('onClose', () => client.close());
    if (token) addTokenRoute(app, token);
  },
  { name: 'im-fastify', fastify: '5.x' },
);
