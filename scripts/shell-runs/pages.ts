/** Which lines of a shell `npm run shell` carries out, and what stands for what the reader is to put in. */
export interface Page {
  readonly file: string;
  /** Its place is a clone of the repository, to be written to. @default a folder of its own */
  readonly clone?: true;
  /** Programs that it shows, by a line in them, to be put into `$PAGE`. */
  readonly programs?: readonly (readonly [name: string, line: string])[];
  /** Of its snippets those that have this in them. @default all */
  readonly only?: RegExp;
  /** Comes before the first one. */
  readonly before?: string;
  /** Comes after the last one. */
  readonly after?: string;
  /** What a reader replaces, and by what. */
  readonly values?: readonly (readonly [string | RegExp, string])[];
  /** What one snippet starts serves the next ones. @default each one's end with it */
  readonly goesOn?: true;
}

const database = 'mysql://im:secret@db:3306/im';
const secrets =
  'export IM_PLATFORM_ACCESS_SECRET=$(openssl rand -hex 32) IM_PLATFORM_REFRESH_SECRET=$(openssl rand -hex 32) IM_PLATFORM_REDIS=redis://redis:6379 IM_PLATFORM_PORT=0\n';
const jwtSecret = 'export IM_JWT_SECRET=only-for-trying-0123456789-abcdefgh\n';
const migrated = `im-platform migrate --database ${database}\n`;

const password = 'one-of-your-own-7';
/** A platform with people, at the ports of the documents. */
const served = `${secrets}export IM_PLATFORM_DATABASE=${database}
im-platform migrate
im-platform seed --password ${password}
serve im-platform start --port 8888 --operations-port 8889
`;
/** Of an admin, who is there by then. */
const token =
  `TOKEN=$(curl -fsS http://127.0.0.1:8888/v1/sessions -H 'content-type: application/json' -d '{"userName":"bob","password":"${password}","device":"web"}'` +
  ' | grep -o \'"accessToken":"[^"]*\' | cut -d\'"\' -f4)\n';
/** `-f`: an answer that refuses is an error. */
const addresses = [
  ['https://chat.example.com', 'http://127.0.0.1:8888'],
  ['curl -s ', 'curl -fsS '],
] as const;

/** It is: whoever reads this line elsewhere has only cloned. */
const isBuilt = [/(npm install && )?npm run build && /g, ''] as const;

/** What `nest new` makes, as far as it matters here, beside the clone. */
const nestProject = `mkdir -p ../my-shop/src && cp "$PAGE/main.ts" ../my-shop/src/ && cp "$PAGE/device.mjs" ../my-shop/
(
  cd ../my-shop
  echo '{ "name": "my-shop", "version": "0.0.1", "type": "module" }' >package.json
  echo '{ "compilerOptions": { "module": "nodenext", "target": "es2023", "strict": true, "skipLibCheck": true, "rootDir": "src", "outDir": "dist",
    "types": ["node"], "experimentalDecorators": true, "emitDecoratorMetadata": true }, "include": ["src"] }' >tsconfig.json
  npm install @nestjs/common@11 @nestjs/core@11 @nestjs/platform-express@11 reflect-metadata rxjs typescript@5 @types/node@20
)
`;

/** Whether they run, and not how fast anything is. Of everything each page that says it has its part. */
const bench = (scenarios: string): Pick<Page, 'clone' | 'before' | 'values'> => ({
  clone: true,
  before: 'export IM_BENCH_SMALL=1\n',
  values: [[/^npm run bench +#/gm, `npm run bench -- ${scenarios} #`]],
});

export const pages: readonly Page[] = [
  {
    file: 'README.md',
    only: /npm pack/,
    clone: true,
    values: [isBuilt],
    after: `node --input-type=module -e "import { createImClient } from 'im-client'"\n`,
  },
  {
    file: 'README.md',
    only: /^npx im-server/,
    before: 'JWT_SECRET=only-for-trying-0123456789-abcdefgh\n',
  },
  {
    file: 'docs/quick-start.md',
    only: /npx im-server|npx im servers/,
    // It is: whoever reads this line elsewhere has only cloned.
    values: [
      ['npm install && npm run build\n', ''],
      // Nobody has come yet, which it says with its exit code.
      [/^npx im push .*$/gm, '$& || test $? -eq 4'],
      ['npx im drain 1 ', "npx im drain $(npx im servers | grep ' live ' | head -1 | cut -d' ' -f1) "],
    ],
    goesOn: true,
  },
  {
    file: 'docs/quick-start.md',
    only: /npm pack|npx tsx/,
    clone: true,
    programs: [
      ['backend.ts', "pathname === '/token'"],
      ['device.ts', "from 'im-device'"],
    ],
    values: [
      isBuilt,
      ['npx tsx backend.ts', `echo "console.log('at 3000')" | cat "$PAGE/backend.ts" - >backend.ts\n$&`],
      ['npx tsx device.ts', `cp "$PAGE/device.ts" .\n$&`],
      ["curl 'http", "curl -fsS 'http"],
    ],
    after: `grep -q "text: 'hello'" "$PAGE/served-1.log"\n`,
    goesOn: true,
  },
  {
    file: 'docs/away-push.md',
    before: `${secrets}node -e "
      const { privateKey } = require('node:crypto').generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const rsa = require('node:crypto').generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      const [key, google] = [privateKey, rsa].map((one) => one.export({ type: 'pkcs8', format: 'pem' }));
      require('node:fs').writeFileSync('apns.json', JSON.stringify({ key, keyId: 'ABC1234567', teamId: 'DEF1234567', topic: 'com.example.app' }));
      require('node:fs').writeFileSync('service-account.json', JSON.stringify({ project_id: 'shop', client_email: 'a@example.com', private_key: google, token_uri: 'https://oauth2.example.com/token' }));"\n`,
    values: [
      ['mysql://…', database],
      ['start …', `start --database ${database}`],
    ],
  },
  {
    file: 'docs/backup.md',
    before: `im-platform migrate --database ${database}
      printf '[client]\\nhost=db\\nuser=im\\npassword=secret\\n' >"$HOME/.my.cnf"
      mkdir -p data/files backup/files && echo hello >data/files/a.txt
      im-platform migrate --database sqlite:./data/im.db\n`,
    after: `test -s backup/im-*.db && test -s backup/files/a.txt && zcat backup/im-*.sql.gz | grep -q im_private_message\n`,
    values: [['/backup/', './backup/']],
    goesOn: true,
  },
  {
    file: 'docs/beside-box-im.md',
    before: `${jwtSecret}serve im-server --redis redis://127.0.0.1:6379 --port 0\n`,
    goesOn: true,
  },
  {
    file: 'docs/campaigns.md',
    before: secrets + migrated,
    values: [['mysql://…', database]],
  },
  {
    file: 'docs/deploy.md',
    only: /nginx -t|promtool|npx im (push|drain)/,
    clone: true,
    programs: [['device.mjs', "url: 'wss://localhost/im'"]],
    // A nginx that runs on this machine keeps what it has in /run.
    before: `mount -t tmpfs run /run
    for one in nginx ssl; do
      mkdir "$PAGE/$one" "$PAGE/$one-work"
      mount -t overlay overlay -o "lowerdir=/etc/$one,upperdir=$PAGE/$one,workdir=$PAGE/$one-work" "/etc/$one"
    done
    until_said() { local what=$1; shift; for _ in $(seq 180); do "$@" | grep "$what" && return; sleep 1; done; return 1; }\n`,
    values: [
      // At port 443 of another address is the registry of npm.
      ['cp deploy/nginx.conf', "sed 's/listen 443/listen 127.0.0.1:443/' deploy/nginx.conf >"],
      ['curl -sk https', 'curl -sk -w "%{http_code}" https'],
      [/(https:\/\/localhost\/im) .*$/gm, '$1 | tee said.txt; grep -q 426 said.txt'],
      ['TOKEN=', 'cp "$PAGE/device.mjs" .\nTOKEN='],
      ['npx im drain 1 ', "npx im drain $(npx im servers | awk '$3 == 1 { print $1 }') "],
      [/^(promtool .* im_connections) .*$/gm, 'until_said "im_connections.*9879" $1'],
      [/^(promtool .*ALERTS.*)$/gm, 'until_said ImProcessDown $1'],
    ],
    after: `grep -q 'still here' "$PAGE/served-2.log"\nnginx -s stop\numount --lazy /run\n`,
    goesOn: true,
  },
  {
    file: 'docs/encryption.md',
    // A database of its own: the other pages have no keys.
    before: `export IM_PLATFORM_DATABASE=sqlite:./im.db\nim-platform migrate\nim-platform seed --password ${password}\n`,
    // There is something to wrap anew, with a new master key in front.
    values: [
      [
        'im-platform encryption rewrap',
        `im-platform encryption encrypt --encryption-keys-file keys
        (echo "2026-12:$(openssl rand -base64 32)" && cat keys) >both && chmod 600 both && mv both keys\n$&`,
      ],
    ],
    after: `im-platform encryption status --encryption-keys-file keys | grep 'wrapped by' >said.txt
      test "$(grep -c . said.txt)" = 1 && grep -q 'by 2026-12, which wraps now' said.txt\n`,
    goesOn: true,
  },
  {
    file: 'docs/erasure-and-archive.md',
    // What the seed has people say is made to be of an old month.
    before: `${served}mkdir archive
      mariadb --no-defaults -h 127.0.0.1 -u im -psecret im -e "update im_private_message set send_time = 1766000000000"\n`,
    values: [
      ['mysql://im:…@', 'mysql://im:secret@'],
      ['/mnt/archive', './archive'],
      ['2025-12/….jsonl.gz', '$(cd archive && ls -d 2025-12/*.gz)'],
    ],
    goesOn: true,
  },
  {
    file: 'docs/many-nodes.md',
    before: jwtSecret + secrets,
    values: [['redis://redis:6379', 'redis://redis:6379']],
  },
  {
    file: 'docs/moderation.md',
    only: /admin grant|admin\/(words|reports)/,
    before: `${served}im-platform admin grant bob\n${token}curl -fsS http://127.0.0.1:8888/v1/reports -H "authorization: Bearer $TOKEN" \\
      -H 'content-type: application/json' -d '{"userId":"1","reason":"spam"}'\n`,
    values: [
      ['mysql://…', database],
      // The only one that there is.
      ['reports/7', 'reports/1'],
      ...addresses,
    ],
    goesOn: true,
  },
  {
    file: 'docs/observe.md',
    clone: true,
    after: `curl -fsS "$(grep -o 'the page: *http[^ ]*' "$PAGE/served-0.log" | grep -o 'http.*')" >page.html\n`,
    goesOn: true,
  },
  {
    file: 'docs/operate-the-platform.md',
    before: served,
    values: [
      ['export IM_PLATFORM_ACCESS_SECRET=… IM_PLATFORM_REFRESH_SECRET=…', ''],
      ['mysql://im:…@', 'mysql://im:secret@'],
      // Whose password was made good again.
      [
        'curl -s https://chat.example.com/v1/sessions',
        `im-platform admin grant bob; ${token}curl -s https://chat.example.com/v1/sessions`,
      ],
      ['"ann", "password": "…"', `"bob", "password": "${password}"`],
      ...addresses,
    ],
    goesOn: true,
  },
  {
    file: 'docs/keys.md',
    before: `export IM_PLATFORM_DATABASE=${database}\nim-platform migrate\nim-platform seed --password ${password}\n`,
    values: [[' 4f1c…', " $(im-platform key list | grep -o '^[^ ]*' | tail -1)"]],
    goesOn: true,
  },
  { file: 'docs/link-previews.md', before: secrets, values: [['mysql://…', database]] },
  {
    file: 'docs/performance.md',
    ...bench('latency connections sender e2e scale round-trip tracing'),
    after: 'test -s bench/results/flame-sender.svg\n',
  },
  { file: 'docs/red-packets.md', before: secrets, values: [['mysql://…', database]] },
  {
    file: 'docs/several-databases.md',
    before: `${secrets}export IM_PLATFORM_DATABASE=${database}\nim-platform migrate\n`,
  },
  { file: 'docs/server-api.md', before: migrated, values: [['mysql://…', database]] },
  {
    file: 'docs/webhooks.md',
    only: /^im-platform start/,
    before: secrets + migrated,
    values: [[/ …$/gm, ` --database ${database}`]],
  },
  {
    file: 'bench/diary.md',
    ...bench('logins platform crowded-group several-platforms big-batch away history'),
    after: 'grep -q "\\"$(git rev-parse --short HEAD)\\"" bench/results/summary.json\n',
  },
  {
    file: 'packages/im-cli/README.md',
    only: /^export IM_CLI_REDIS/,
    before: `${jwtSecret}serve im-server --redis redis://127.0.0.1:6379 --port 0\n`,
    goesOn: true,
  },
  {
    file: 'packages/im-gateway/README.md',
    before: `${jwtSecret}serve im-server --redis redis://127.0.0.1:6379 --port 0\n`,
    goesOn: true,
  },
  {
    file: 'packages/im-nest/README.md',
    clone: true,
    programs: [
      ['main.ts', 'NestFactory.create(AppModule)'],
      ['device.mjs', "from 'im-device'"],
    ],
    before: nestProject,
    values: [
      isBuilt,
      ['curl -X POST', `curl -fsS -X POST`],
      [
        "curl -fsS -X POST 'localhost:3000/orders/7",
        `npx tsc\nserve_until 'successfully started' 130 node dist/main.js\nserve_until online 130 node device.mjs\n$&`,
      ],
    ],
    after: `for line in 'order 7 to user 2 on terminal 0: arrived' 'order 8 to user 3 on terminal 0: NOT_ONLINE'; do
      for _ in $(seq 100); do grep -q "$line" "$PAGE/served-1.log" && continue 2; sleep 0.1; done; cat "$PAGE"/served-*.log; exit 1
    done\n`,
    goesOn: true,
  },
  {
    file: 'packages/im-platform/README.md',
    values: [
      ['mysql://im:…@', 'mysql://im:secret@'],
      ['ACCESS_SECRET=… ', 'ACCESS_SECRET=$(openssl rand -base64 32) '],
      ['REFRESH_SECRET=…', 'REFRESH_SECRET=$(openssl rand -base64 32)'],
      [/ <id>/g, " $(im-platform key list | grep -o '^[^ ]*' | tail -1)"],
    ],
    goesOn: true,
  },
  {
    file: 'packages/im-server/README.md',
    before: `SECRET=only-for-trying-0123456789-abcdefgh\ncd node_modules/.. && ln -sfn "$REPOSITORY/packages" packages\n`,
    values: [['--jwt-secret …', '--jwt-secret "$SECRET"']],
  },
  {
    file: 'packages/create-im-app/README.md',
    only: /^npm create/,
    clone: true,
    // Ours are on no registry yet: packed, as the second one shows it, they stand beside the project.
    before:
      'npm pack -w im-client -w im-common -w im-device -w im-embedded -w im-server --pack-destination .. && cd ..\n',
    values: [
      ['npm create im-app my-shop --', 'create-im-app my-shop'],
      ['npm install\n', 'npm install ../im-*.tgz\n'],
    ],
    after: `curl -fsS -X POST 'http://localhost:3000/hello?to=3'\n`,
    goesOn: true,
  },
  {
    file: 'packages/create-im-app/README.md',
    only: /template nest/,
    clone: true,
    values: [isBuilt, ['npm test && npm start', 'npm test\nnpm start']],
    after: `curl -fsS -X POST 'http://localhost:3000/hello?to=3'\n`,
    goesOn: true,
  },
  {
    file: 'examples/bot/README.md',
    clone: true,
    // Who does not sign is not heard.
    after: `test "$(curl -s -o said.txt -w '%{http_code}' -d '{}' http://127.0.0.1:7070/)" = 401\n`,
    goesOn: true,
  },
  {
    file: 'examples/customer-service/README.md',
    clone: true,
    after:
      'curl -fsS http://localhost:7080/widget.js >widget.js && curl -fsS http://localhost:7081/ | grep -q widget.js\n',
    goesOn: true,
  },
  {
    file: 'examples/gateway/README.md',
    clone: true,
    before: 'cd examples/gateway\n',
    values: [['python3 push.py 2 hello', `$& | tee said.txt`]],
    after: 'grep -q "^webhook: user 2, terminal 0: NOT_ONLINE" said.txt\n',
    goesOn: true,
  },
  {
    file: 'examples/python-backend/README.md',
    clone: true,
    values: [
      ['export IM_SERVER_KEY=… ', ''],
      ['shop.py 4711', 'shop.py 4711 | tee said.txt'],
    ],
    after: 'grep -q "^delivery: sent" said.txt\n',
    goesOn: true,
  },
  {
    file: 'examples/standalone-server/README.md',
    clone: true,
    before: 'cd examples/standalone-server\n',
    values: [['npm run sender -- 2 "hello"', '$& | tee said.txt']],
    after: 'grep -q "^terminal 0: proved" said.txt\n',
    goesOn: true,
  },
  {
    file: 'examples/tiny-chat/README.md',
    clone: true,
    after: 'curl -fsS http://127.0.0.1:8080/page.js >page.js\n',
    goesOn: true,
  },
];
