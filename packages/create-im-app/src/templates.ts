/** What can be made, in the order in which it is asked for. */
export type TemplateName = 'express' | 'fastify' | 'nest' | 'standalone' | 'chat';

export interface Template {
  readonly about: string;
  /** Of ours, in the version of this package. */
  readonly ours: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  /** What must run before it starts. */
  readonly needs?: string;
  /** Where it is then. */
  readonly port: number;
  /** Where it believes whoever comes, as it knows no sessions. */
  readonly believes?: string;
}

const embedded = ['im-client', 'im-common', 'im-device', 'im-embedded', 'im-server'];

export const templates: { readonly [Name in TemplateName]: Template } = {
  express: {
    about: 'Express, with the push server in it',
    ours: embedded,
    dependencies: { express: '^5.2.1' },
    devDependencies: { '@types/express': '^5.0.6' },
    port: 3000,
    believes: 'src/main.ts',
  },
  fastify: {
    about: 'Fastify, with the push server in it',
    ours: embedded,
    dependencies: { fastify: '^5.12.8' },
    port: 3000,
    believes: 'src/main.ts',
  },
  nest: {
    about: 'NestJS, with the push server in it',
    ours: ['im-client', 'im-common', 'im-device', 'im-nest', 'im-server'],
    dependencies: {
      '@nestjs/common': '^11.2.10',
      '@nestjs/core': '^11.2.10',
      '@nestjs/platform-express': '^11.2.10',
      'reflect-metadata': '^0.2.2',
      rxjs: '^7.8.2',
    },
    devDependencies: { '@nestjs/testing': '^11.2.6' },
    port: 3000,
    believes: 'src/app.module.ts',
  },
  standalone: {
    about: 'a push server of its own, and a small backend; needs Redis',
    ours: ['im-client', 'im-common', 'im-device', 'im-server'],
    dependencies: { pino: '^10.4.0' },
    needs:
      'Redis at redis://localhost:6379; REDIS_URL in .env says where else. Or Docker: docker compose up --build --wait',
    port: 3000,
    believes: 'src/backend.ts',
  },
  chat: {
    about: 'a whole chat: accounts, friends, groups, stored messages, and its page',
    ours: ['im-client', 'im-common', 'im-platform', 'im-server'],
    dependencies: { pino: '^10.4.0' },
    port: 8888,
  },
};
