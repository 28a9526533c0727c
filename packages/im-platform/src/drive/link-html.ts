import type { Language } from '../http/texts.ts';
import { isRoot, type DriveNode } from './node.ts';

// The page of a link, as HTML: no script, and no style but the file of its own.

const words = {
  title: ['共享文件', 'Shared files'],
  drive: ['云盘', 'Drive'],
  password: ['密码', 'Password'],
  open: ['打开', 'Open'],
  wrong: ['密码错误', 'The password is wrong.'],
  asks: ['此链接需要密码', 'A password is needed for this link.'],
  download: ['下载', 'Download'],
  archive: ['全部下载（zip）', 'Download all (zip)'],
  empty: ['此文件夹为空', 'This folder is empty.'],
  more: ['仅显示前 500 项，请下载全部', 'Only the first 500 are shown. Download all to have the rest.'],
  left: ['剩余下载次数：', 'Downloads left: '],
} as const;
type Word = keyof typeof words;

function word(key: Word, language: Language): string {
  return words[key][language === 'zh' ? 0 : 1];
}

export const linkStyle = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{max-width:44rem;margin:0 auto;padding:1.5rem 1rem}
h1{font-size:1.25rem;overflow-wrap:anywhere}
ul{list-style:none;margin:1rem 0;padding:0}
li{display:flex;gap:.75rem;align-items:center;padding:.5rem 0;border-bottom:1px solid color-mix(in srgb,currentcolor 20%,transparent)}
li>:first-child{flex:1;min-width:0;overflow-wrap:anywhere}
form{margin:0}
button,input{font:inherit;min-height:2.75rem;padding:0 1rem;border:1px solid currentcolor;border-radius:.5rem}
button{background:none;color:inherit;cursor:pointer}
.quiet{opacity:.75;font-size:.875rem;white-space:nowrap}
`;

export function pageOfText(text: string, language: Language): string {
  return page(language, `<h1>${word('title', language)}</h1><p>${escape(text)}</p>`);
}

export function pageOfPassword({
  action,
  language,
  isWrong,
}: {
  readonly action: string;
  readonly language: Language;
  readonly isWrong: boolean;
}): string {
  const told = isWrong ? `<p role="alert">${word('wrong', language)}</p>` : '';
  return page(
    language,
    `<h1>${word('asks', language)}</h1>${told}<form method="post" action="${escape(action)}"><label>${word('password', language)} <input type="password" name="password" maxlength="128" required autocomplete="off"></label> <button>${word('open', language)}</button></form>`,
  );
}

export interface FilesPage {
  readonly code: string;
  readonly pass: string;
  readonly language: Language;
  readonly node: DriveNode;
  readonly nodes: readonly DriveNode[];
  readonly path: readonly DriveNode[];
  readonly isMore: boolean;
  readonly downloadsLeft: number | null;
}

export function pageOfFiles(given: FilesPage): string {
  const { language, node, nodes, path, isMore, downloadsLeft } = given;
  const parts = [
    path.length > 0
      ? `<nav>${path.map((one) => `<a href="${addressOf(given, one)}">${nameOf(one, language)}</a> / `).join('')}</nav>`
      : '',
    `<h1>${nameOf(node, language)}</h1>`,
    downloadsLeft === null ? '' : `<p class="quiet">${word('left', language)}${downloadsLeft}</p>`,
    node.isFile === 0 && nodes.length > 0 ? form(given, node, word('archive', language)) : '',
    nodes.length === 0 ? `<p>${word('empty', language)}</p>` : '',
    `<ul>${nodes.map((one) => line(given, one)).join('')}</ul>`,
    isMore ? `<p>${word('more', language)}</p>` : '',
  ];
  return page(language, parts.join(''));
}

function line(given: FilesPage, node: DriveNode): string {
  const name = nameOf(node, given.language);
  if (node.isFile === 0) return `<li><a href="${addressOf(given, node)}">${name}/</a></li>`;
  const button = form(given, node, word('download', given.language), name);
  return `<li><span>${name}</span><span class="quiet">${sizeText(node.size)}</span>${button}</li>`;
}

function form({ code, pass }: FilesPage, { id }: DriveNode, label: string, name = ''): string {
  const about = name === '' ? '' : ` aria-label="${label}: ${name}"`;
  return `<form method="post" action="${code}/download"><input type="hidden" name="node" value="${id}"><input type="hidden" name="pass" value="${escape(pass)}"><button${about}>${label}</button></form>`;
}

function addressOf({ code, pass }: FilesPage, { id }: DriveNode): string {
  const query = new URLSearchParams({ node: String(id), ...(pass !== '' && { pass }) });
  return escape(`${code}?${query.toString()}`);
}

function nameOf(node: DriveNode, language: Language): string {
  return isRoot(node) ? word('drive', language) : escape(node.name);
}

function sizeText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 2 ** 20
    ? `${Math.round(bytes / 1_024)} KB`
    : `${Math.round((bytes / 2 ** 20) * 10) / 10} MB`;
}

function page(language: Language, content: string): string {
  const title = word('title', language);
  return `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title><link rel="stylesheet" href="/drive/link/style.css"></head><body><main>${content}</main></body></html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
