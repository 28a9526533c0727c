import type { Row } from './snippet.ts';

const programs = 'test/readme-programs.test.ts';

/** Snippets that something else runs, or that need what no test has. */
export const runElsewhere: readonly (Pick<Row, 'file' | 'has'> & { readonly by: string })[] = [
  { file: 'README.md', has: 'createIm({ port: 8878', by: programs },
  { file: 'docs/deploy.md', has: "url: 'wss://localhost/im'", by: 'npm run shell' },
  { file: 'docs/embed.md', has: 'plain hello', by: programs },
  { file: 'docs/embed.md', has: 'express hello', by: programs },
  { file: 'docs/embed.md', has: 'fastify hello', by: programs },
  { file: 'docs/node-devices.md', has: 'for await', by: programs },
  { file: 'docs/quick-start.md', has: "pathname === '/token'", by: programs },
  { file: 'docs/quick-start.md', has: "from 'im-device'", by: programs },
  { file: 'docs/webhooks.md', has: 'isGenuine', by: 'test/examples-server-api.test.ts' },
  { file: 'packages/im-chat/README.md', has: 'await chat.signIn(', by: programs },
  { file: 'packages/im-client/README.md', has: 'interface ChatMessage', by: programs },
  { file: 'packages/im-client/README.md', has: 'who missed a message is noted', by: programs },
  { file: 'packages/im-embedded/README.md', has: 'createIm({ port: 8878', by: programs },
  { file: 'packages/im-nest/README.md', has: 'NestFactory.create(AppModule)', by: programs },
  { file: 'packages/im-nest/README.md', has: "from 'im-device'", by: programs },
  { file: 'packages/im-nest/README.md', has: 'class ImErrorFilter', by: programs },
  { file: 'packages/im-nest/README.md', has: "from '@nestjs/testing'", by: programs },
  { file: 'packages/im-nest/README.md', has: 'ImModule.forRootAsync', by: programs },
  { file: 'packages/im-platform/README.md', has: 'createPlatform({', by: programs },
  { file: 'packages/im-server/README.md', has: 'createServer(app); //', by: programs },
];
