// What stands beside each page. What of docs/ and READMEs of packages has no place here stands under More.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { titleOf } from '../markdown.ts';
import { pageOf } from './places.ts';

interface Item {
  readonly text: string;
  readonly link: string;
}

interface Group {
  readonly text: string;
  readonly collapsed: boolean;
  readonly items: readonly Item[];
}

const page = (text: string, link: string): Item => ({ text, link });

/** Files, which have their titles, and addresses with a text. */
const groups: readonly (readonly [text: string, entries: readonly (string | Item)[]])[] = [
  [
    'Start',
    [
      'docs/quick-start.md',
      'docs/concepts.md',
      'docs/examples.md',
      'docs/comparison.md',
      'docs/faq.md',
      'README.md',
    ],
  ],
  [
    'In your backend',
    [
      'docs/embed.md',
      'docs/nextjs.md',
      'docs/features.md',
      page('Tests of your code', '/packages/im-client#testing-your-code'),
      'packages/create-im-app/README.md',
      'packages/im-client/README.md',
      'packages/im-embedded/README.md',
      'packages/im-nest/README.md',
      'packages/im-fastify/README.md',
      'packages/im-gateway/README.md',
    ],
  ],
  [
    'On devices',
    [
      'docs/browser.md',
      'docs/react-native.md',
      'docs/node-devices.md',
      'packages/im-device/README.md',
      'packages/im-chat/README.md',
    ],
  ],
  [
    'Run it',
    [
      'packages/im-server/README.md',
      'docs/deploy.md',
      'docs/many-nodes.md',
      'docs/several-databases.md',
      'docs/capacity.md',
      'docs/upgrades.md',
      'docs/versions.md',
      'docs/security.md',
      'docs/secrets.md',
      'docs/encryption.md',
      'docs/backup.md',
      'docs/erasure-and-archive.md',
      page('Report a weakness', '/report-a-weakness'),
      'packages/im-cli/README.md',
      'docs/observe.md',
      'docs/alerts.md',
      'docs/redis-memory.md',
    ],
  ],
  ['Move to it', ['docs/from-socket-io.md', 'docs/beside-box-im.md']],
  [
    'A chat on it',
    [
      'packages/im-platform/README.md',
      'packages/im-web/README.md',
      'docs/operate-the-platform.md',
      'docs/moderation.md',
      'docs/server-api.md',
      'docs/keys.md',
      'docs/webhooks.md',
      'docs/sign-in.md',
      'docs/away-push.md',
      'docs/link-previews.md',
      'docs/end-to-end.md',
      'docs/drive.md',
      'docs/red-packets.md',
      'docs/campaigns.md',
      'docs/files.md',
      'docs/authorisation.md',
      'docs/queries.md',
      'docs/boxim-contract.md',
    ],
  ],
  [
    'Reference',
    [
      'docs/guarantees.md',
      'docs/errors.md',
      'PROTOCOL.md',
      page('All exports', '/api/'),
      page('HTTP: im-gateway', '/gateway-api'),
      page('HTTP: im-platform', '/v1'),
      'packages/im-common/README.md',
    ],
  ],
  [
    'Behind it',
    ['docs/performance.md', 'bench/diary.md', page('Why it is as it is', '/decisions/'), 'CONTRIBUTING.md'],
  ],
];

export function sidebarOf(files: readonly string[], root: string): Group[] {
  const placed = groups.flatMap(([, entries]) => entries.filter((entry) => typeof entry === 'string'));
  const missing = placed.filter((file) => !existsSync(join(root, file)));
  const forgotten = files.filter(
    (file) => /^(docs\/[^/]+|packages\/[^/]+\/README)\.md$/.test(file) && !placed.includes(file),
  );
  if (missing.length > 0)
    throw new Error(`scripts/site/sidebar.ts names what is not there: ${missing.join(', ')}.`);
  const all = forgotten.length > 0 ? [...groups, ['More', forgotten] as const] : groups;
  return all.map(([text, entries]) => ({
    text,
    collapsed: false,
    items: entries.map((entry) => (typeof entry === 'string' ? itemOf(entry, root) : entry)),
  }));
}

function itemOf(file: string, root: string): Item {
  return {
    text: titleOf(readFileSync(join(root, file), 'utf8')),
    link: `/${pageOf(file)?.replace(/\.md$/, '') ?? ''}`,
  };
}
