// Who may know whom. The table is the one in the architecture: a package is free to import what stands beside
// it and no other package of ours. The rules below it are the borders inside packages and towards libraries.
const mayImport = {
  'im-common': [],
  'im-server': ['im-common'],
  'im-client': ['im-common'],
  'im-embedded': ['im-client', 'im-common', 'im-server'],
  'im-device': ['im-common'],
  'im-nest': ['im-client'],
  'im-fastify': ['im-client', 'im-common'],
  'im-gateway': ['im-client', 'im-common'],
  'im-cli': ['im-client', 'im-common'],
  'im-platform': ['im-client', 'im-common'],
  'im-chat': ['im-device', 'im-platform'],
  'im-web': ['im-chat', 'im-device'],
  'create-im-app': [],
};

const packageNames = Object.keys(mayImport).join('|');
const databases =
  '@photostructure/sqlite|better-sqlite3|drizzle-orm|knex|kysely|mariadb|mikro-orm|mongodb|mongoose|mysql2?|pg|postgres|prisma|sequelize|sqlite3?|typeorm';
const doors = [
  '^packages/[^/]+/src/index\\.ts$',
  '^packages/im-device/src/(uplink|topics|protobuf|sse|react|vue)/index\\.ts$',
  '^packages/im-client/src/testing/index\\.ts$',
  '^packages/im-platform/src/client/index\\.ts$',
  '^packages/im-chat/src/(indexed-db|end-to-end|vue|react)/index\\.ts$',
  '^packages/im-common/src/(bus|bus-internal|checks/index|program/index|metrics|network|token)\\.ts$',
];
const browserSafe =
  '^packages/im-common/src/(index\\.ts$|address\\.ts$|errors\\.ts$|logger\\.ts$|checks/|protocol/)';

/** Matches a library by name, installed or not: an import that resolves nowhere must not slip through. */
const library = (names) => `(^|/)node_modules/(@types/)?(${names})/|^(${names})(/|$)`;

const arrows = Object.entries(mayImport).map(([name, allowed]) => ({
  name: `arrows-of-${name}`,
  comment: `${name} may import ${allowed.join(', ') || 'no package of ours'}.`,
  severity: 'error',
  from: { path: `^packages/${name}/src/` },
  to: {
    path: `^packages/|^(${packageNames})(/|$)`,
    pathNot: `^(packages/)?(${[name, ...allowed].join('|')})(/|$)`,
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...arrows,
    {
      name: 'arrows-are-declared',
      comment: 'A new package starts with its line in the table above.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src/', pathNot: `^packages/(${packageNames})/` },
      to: {},
    },
    {
      name: 'through-the-door',
      comment: 'Another package is what its doors export.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: ['^packages/$1/', ...doors] },
    },
    {
      name: 'through-the-door-from-outside',
      comment: 'Tests across packages, benches, examples and the all-in-one start are users like any other.',
      severity: 'error',
      // The model, the fuzz of chunks and the writers of a million drive parts that no door shows; rows of faults take the databases of
      // im-platform's tests; the READMEs are written from tables that none shows, and commands in documents are held against them.
      from: {
        pathNot:
          '^packages/|^test/(model/|fuzz/chunks\\.ts$|faults/kit/(log-writer|kept-databases)\\.ts$)|^scripts/(option-tables|shell-snippets)\\.ts$',
      },
      to: { path: '^packages/', pathNot: doors },
    },
    {
      name: 'browser-safe-door',
      comment: 'What a browser gets from im-common: no bus, no Node built-in, no library but eventemitter3.',
      severity: 'error',
      from: { path: browserSafe },
      to: { pathNot: [browserSafe, library('eventemitter3')] },
    },
    {
      name: 'device-runs-in-browsers',
      comment: 'im-device takes the browser-safe door of im-common and no Node built-in.',
      severity: 'error',
      from: { path: '^packages/im-device/src/' },
      to: { path: '^packages/im-common/src/', pathNot: '^packages/im-common/src/(checks/)?index\\.ts$' },
    },
    {
      name: 'device-without-node',
      severity: 'error',
      from: { path: '^packages/im-device/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'encryption-behind-its-door',
      comment: 'Encryption has a door of its own, and its library is loaded by those alone who use it.',
      severity: 'error',
      from: { path: '^packages/im-chat/src/', pathNot: '^packages/im-chat/src/end-to-end/' },
      to: { path: ['^packages/im-chat/src/end-to-end/', library('@matrix-org/matrix-sdk-crypto-wasm')] },
    },
    {
      name: 'device-without-a-framework',
      comment: 'Each framework has a door of its own; the rest of im-device knows neither it nor them.',
      severity: 'error',
      from: { path: '^packages/im-device/src/', pathNot: '^packages/im-device/src/(vue|react)/' },
      to: { path: ['^packages/im-device/src/(vue|react)/', library('vue|react|react-dom')] },
    },
    {
      name: 'chat-runs-in-browsers',
      comment:
        'Of the platform im-chat takes its client, which it ships inside; the store of browsers has a door of its own.',
      severity: 'error',
      from: { path: '^packages/im-chat/src/' },
      to: { path: '^packages/im-platform/src/', pathNot: '^packages/im-platform/src/client/index\\.ts$' },
    },
    {
      name: 'chat-without-node',
      severity: 'error',
      from: { path: '^packages/im-chat/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'chat-without-its-store',
      comment: 'Who keeps nothing in a browser loads no library for it.',
      severity: 'error',
      from: { path: '^packages/im-chat/src/', pathNot: '^packages/im-chat/src/indexed-db/' },
      to: { path: ['^packages/im-chat/src/indexed-db/', library('idb')] },
    },
    {
      name: 'chat-without-a-framework',
      comment: 'Each framework has a door of its own; the rest of im-chat knows neither it nor them.',
      severity: 'error',
      from: { path: '^packages/im-chat/src/', pathNot: '^packages/im-chat/src/(vue|react)/' },
      to: { path: ['^packages/im-chat/src/(vue|react)/', library('vue|react|react-dom')] },
    },
    {
      name: 'one-file-knows-ws',
      comment: 'websocket.ts turns a ws socket into our own small interface.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/im-server/src/wire/websocket\\.ts$' },
      to: { path: library('ws') },
    },
    {
      name: 'server-without-database',
      severity: 'error',
      from: { path: '^packages/im-server/src/' },
      to: { path: [library(databases), '^(node:)?sqlite$'] },
    },
    {
      name: 'main-is-the-top',
      comment: 'main.ts is a process, not a module.',
      severity: 'error',
      from: {},
      to: { path: '^packages/[^/]+/src/main\\.ts$' },
    },
    {
      name: 'sources-stand-alone',
      comment: 'What we ship knows nothing of tests, benches, examples, scripts or the all-in-one start.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/' },
      to: {
        path: ['^packages/[^/]+/(test|bench|examples)/', '^(test|bench|examples|scripts)/', '^[^/]+\\.ts$'],
      },
    },
    {
      name: 'sources-declare-what-they-import',
      comment:
        'A package ships only what its own package.json lists as a dependency. What im-device ships has it inside.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '^packages/im-device/src/protobuf/' },
      // A peer that is optional counts as one and as none.
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm-peer'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'folders-one-way',
      comment:
        'No folder of a package knows one that knows it: it states the interface that it needs, and a file beside both gives it.',
      severity: 'error',
      scope: 'folder',
      // Of the page a folder is an area of the screen, and areas lead to each other.
      from: { path: '^packages/([^/]+)/src/.', pathNot: '^packages/im-web/' },
      to: { circular: true, path: '^packages/$1/src/.' },
    },
    {
      name: 'the-bus-knows-no-bus',
      comment: 'What is promised knows none of those that keep it; only the doors know both.',
      severity: 'error',
      from: { path: '^packages/im-common/src/bus/[^/]+\\.ts$' },
      to: { path: '^packages/im-common/src/bus/(cluster|memory|redis)/' },
    },
    {
      name: 'checks-and-protocol-stand-alone',
      comment: 'The other folders of im-common are built on these two.',
      severity: 'error',
      from: { path: '^packages/im-common/src/(checks|protocol)/' },
      to: {
        path: '^packages/im-common/src/(bus|program|protocol|checks)/',
        pathNot: '^packages/im-common/src/$1/',
      },
    },
    {
      name: 'composers-are-the-top',
      comment: 'A folder is given what it needs; it knows none of the files that put the platform together.',
      severity: 'error',
      from: { path: '^packages/im-platform/src/[^/]+/' },
      to: {
        path: '^packages/im-platform/src/[^/]+\\.ts$',
        pathNot: '/(feature|option-kinds|options|outage|platform-error|regularly)\\.ts$',
      },
    },
    {
      name: 'client-of-the-platform-stands-alone',
      comment: 'It runs in browsers, and knows of the platform what /v1/openapi.json says.',
      severity: 'error',
      from: { path: '^packages/im-platform/src/client/' },
      to: { pathNot: ['^packages/im-platform/src/client/', library('openapi-fetch')] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere is an import no rule has checked.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\?url$' },
    },
  ],
  options: {
    // What tools/site imports is installed when the site is first built.
    exclude: { path: '^dist/|^packages/[^/]+/dist/|^packages/create-im-app/templates/|^tools/site/' },
    doNotFollow: { path: '(^|/)node_modules/' },
    tsConfig: { fileName: 'tsconfig.check.json' },
    // Types count as knowledge: an `import type` is an arrow too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['im-source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};
