// All Markdown stays where it is in the repository: scripts/site/places.ts says where on the site each file is, and where its links lead.
import { execFileSync } from 'node:child_process';
import { relative } from 'node:path/posix';
import { fileURLToPath, URL } from 'node:url';
import { defineConfig } from 'vitepress';
import { anchorOf } from '../../../scripts/markdown.ts';
import { addressOf, pageOf } from '../../../scripts/site/places.ts';
import { sidebarOf } from '../../../scripts/site/sidebar.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const tracked = execFileSync(
  'git',
  ['-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', '*.md'],
  {
    cwd: root,
    encoding: 'utf8',
  },
);
const files = tracked.split('\n').filter((file) => file !== '');
const others = files.filter((file) => pageOf(file) === undefined);

/** Links and images in Markdown are written for the repository; in HTML, too. */
function rewriteLinks(tokens, file) {
  for (const token of tokens) {
    for (const name of ['href', 'src']) {
      const target = token.attrGet(name);
      if (target !== null) token.attrSet(name, addressOf(file, target));
    }
    // Braces in code are none of Vue's.
    if (token.type === 'code_inline') token.attrSet('v-pre', '');
    // `<name>` in a text is no tag of Vue's.
    if (token.type === 'html_inline' && !/^<\/?(a|br|img|kbd|p|sub|sup)\b/.test(token.content))
      token.type = 'text';
    if (token.type.startsWith('html_'))
      token.content = token.content.replace(
        / (href|src)="([^"]*)"/g,
        (_, name, target) => ` ${name}="${addressOf(file, target)}"`,
      );
    rewriteLinks(token.children ?? [], file);
  }
}

export default defineConfig({
  title: 'im',
  description: 'The push layer that a Node backend team owns: WebSocket, Redis, TypeScript.',
  lang: 'en',
  srcDir: root,
  srcExclude: ['.*/**', 'data/**', '**/CHANGELOG.md', ...others],
  ignoreDeadLinks: 'localhostLinks',
  rewrites: (file) => pageOf(file) ?? file,
  outDir: `${root}dist/site`,
  cacheDir: `${root}node_modules/.cache/vitepress`,
  metaChunk: true,
  markdown: {
    anchor: { slugify: anchorOf },
    config: (md) =>
      md.core.ruler.push('links-of-the-repository', ({ tokens, env: { realPath, path = realPath } }) => {
        // A title that is looked at by itself comes from no file.
        if (path !== undefined) rewriteLinks(tokens, relative(root, realPath ?? path));
      }),
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    sidebar: sidebarOf(files, root),
    nav: [
      { text: 'Quick start', link: '/quick-start' },
      { text: 'Concepts', link: '/concepts' },
      { text: 'Guarantees', link: '/guarantees' },
      { text: 'Reference', link: '/api/' },
    ],
  },
});
