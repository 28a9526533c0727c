import {
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
  type OptionalFactoryDependency,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { createImClient, ImClient, type ImClientOptions } from 'im-client';
import { ClientLife } from './client-life.ts';
import { nestLogger } from './nest-logger.ts';

/** How the options of the client are made when the application starts. */
export interface ImModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  /** Is called with what `inject` names, and only when the client is made: not in tests that override `ImClient`. */
  // Nest knows what it injects by values, not by types.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly useFactory: (...injected: any[]) => ImClientOptions | Promise<ImClientOptions>;
  readonly inject?: (InjectionToken | OptionalFactoryDependency)[];
}

/**
 * An `ImClient` for the whole application, to be injected by its class. Providers and controllers that are decorated with `@IMListener`
 * or `@OnResult` listen from the application's bootstrap on; it is started then, and closed with the application.
 */
@Module({})
export class ImModule {
  /**
   * @example
   * ```ts
   * @Module({ imports: [ImModule.forRoot({ service: 'shop', redis: 'redis://localhost' })] })
   * export class AppModule {}
   * ```
   */
  static forRoot(options: ImClientOptions): DynamicModule {
    return ImModule.forRootAsync({ useFactory: () => options });
  }

  /**
   * @example
   * ```ts
   * ImModule.forRootAsync({
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({ service: 'shop', redis: config.getOrThrow('REDIS_URL') }),
   * })
   * ```
   */
  static forRootAsync({ imports = [], inject = [], useFactory }: ImModuleAsyncOptions): DynamicModule {
    return {
      module: ImModule,
      global: true,
      imports: [DiscoveryModule, ...imports],
      providers: [
        {
          provide: ImClient,
          inject,
          useFactory: async (...injected: unknown[]) =>
            createImClient({ logger: nestLogger(), ...(await useFactory(...injected)) }),
        },
        {
          provide: ClientLife,
          inject: [ImClient, DiscoveryService],
          useFactory: (client: ImClient, discovery: DiscoveryService) => new ClientLife(client, discovery),
        },
      ],
      exports: [ImClient],
    };
  }
}
