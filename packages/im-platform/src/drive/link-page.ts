import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiLanguageOf } from '../api/api-language.ts';
import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Seals } from '../seals/seals.ts';
import type { Passwords } from '../users/password.ts';
import type { ContentLinks } from './content-links.ts';
import { findLink, placeForLink, type Share } from './drive-shares.ts';
import { linkStyle, pageOfFiles, pageOfPassword, pageOfText } from './link-html.ts';
import type { Place } from './rights.ts';
import { treeStore } from './tree-store.ts';

export interface LinkPageDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly links: ContentLinks;
  readonly passwords: Pick<Passwords, 'isRight'>;
  readonly seals: Seals;
  /** Of passwords that are shown, by link and network, and by link. */
  readonly attempts: readonly Limiter[];
}

/** Where whoever has a link sees what it leads to. */
export const linkPath = '/drive/link/';

const purpose = 'drive link';
/** After that the password is asked for again. */
const passMs = 3_600_000;
const mostShown = 500;
const longestForm = 4_096;
const formType = 'application/x-www-form-urlencoded';

interface Visit {
  readonly share: Share;
  readonly place: Place;
  /** That the password was shown; empty: there is none. */
  readonly pass: string;
  readonly language: Language;
}

type Asked = FastifyRequest<{ Params: { code: string } }>;
type Fields = Readonly<Partial<Record<string, string>>>;

/** A page without an account and without a script. */
export async function linkPage(app: FastifyInstance, deps: LinkPageDeps): Promise<void> {
  await app.register((scope, _options, done) => {
    // What is no form says nothing: whatever its fields were, they would not be texts.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: longestForm },
      (_request, _body, parsed) => parsed(null, {}),
    );
    scope.addContentTypeParser(
      formType,
      { parseAs: 'string', bodyLimit: longestForm },
      (_request, body, parsed) => parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    const common = { config: { isOpen: true }, schema: { hide: true } } as const;
    scope.get(`${linkPath}style.css`, { ...common }, (_request, reply) =>
      reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=3600').send(linkStyle),
    );
    scope.get<{ Params: { code: string } }>(`${linkPath}:code`, common, (request, reply) =>
      shown(request, reply, () => see(deps, request, request.query as Fields)),
    );
    scope.post<{ Params: { code: string } }>(`${linkPath}:code`, common, (request, reply) =>
      shown(request, reply, () => enter(deps, request)),
    );
    scope.post<{ Params: { code: string } }>(`${linkPath}:code/download`, common, (request, reply) =>
      shown(request, reply, () => download(deps, request, reply)),
    );
    done();
  });
}

/** What went wrong is a page, too. */
async function shown(
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<string | FastifyReply>,
): Promise<FastifyReply> {
  const language = apiLanguageOf(request);
  void reply.headers({ 'cache-control': 'no-store', vary: 'accept-language' });
  try {
    const page = await work();
    return typeof page === 'string' ? await reply.type('text/html; charset=utf-8').send(page) : page;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 503) throw error;
    const text = say(error.key, language, error.values);
    if (error.retryAfterS !== undefined) void reply.header('retry-after', error.retryAfterS);
    return reply
      .code(error.code === 404 || error.code === 429 ? error.code : 403)
      .type('text/html; charset=utf-8')
      .send(pageOfText(text, language));
  }
}

async function see(deps: LinkPageDeps, request: Asked, fields: Fields): Promise<string> {
  const language = apiLanguageOf(request);
  const share = await mustFind(deps, request);
  if (!isOpenWith(deps, share, fields['pass']))
    return pageOfPassword({ action: request.params.code, language, isWrong: false });
  return showFolder(deps, await visit(deps, share, fields, language));
}

async function enter(deps: LinkPageDeps, request: Asked): Promise<string> {
  const language = apiLanguageOf(request);
  const share = await mustFind(deps, request);
  const password = (request.body as Fields | undefined)?.['password'] ?? '';
  if (share.password !== null) {
    await count(deps, share, request.network);
    if (!(await deps.passwords.isRight(share.password, password.slice(0, 128), request.actBy)))
      return pageOfPassword({ action: request.params.code, language, isWrong: true });
  }
  const pass = deps.seals.seal(purpose, `${share.id}:${Date.now() + passMs}`);
  return showFolder(deps, await visit(deps, share, { pass }, language));
}

/** Counts, and leads to the file, or to the folder as an archive. */
async function download(deps: LinkPageDeps, request: Asked, reply: FastifyReply): Promise<FastifyReply> {
  const fields = (request.body ?? {}) as Fields;
  const share = await mustFind(deps, request);
  if (!isOpenWith(deps, share, fields['pass'])) throw new Refusal('driveLinkPassword');
  const { place } = await visit(deps, share, fields, apiLanguageOf(request));
  await takeDownload(deps, share);
  const { id: nodeId, version, isFile, name } = place.node;
  const reader = { shareId: share.id };
  const kind = isFile === 1 ? 'f' : 'z';
  const shownName = isFile === 1 ? name : `${name === '' ? 'drive' : name}.zip`;
  return reply.redirect(deps.links.of({ kind, reader, nodeId, version }, shownName), 303);
}

async function mustFind({ database }: LinkPageDeps, { params }: Asked): Promise<Share> {
  const share = /^[\w-]{22}$/.test(params.code)
    ? await findLink(database.sql, { code: params.code })
    : undefined;
  if (!share) throw new Refusal('driveLinkUnknown', { code: 404 });
  return share;
}

function isOpenWith({ seals }: LinkPageDeps, share: Share, pass: string | undefined): boolean {
  if (share.password === null) return true;
  const [id, end] = (seals.open(purpose, pass ?? '') ?? '').split(':');
  return id === String(share.id) && Number(end) > Date.now();
}

/** Before the password is looked at, so that of many at once no more than are allowed are. */
async function count(
  { attempts: [ofNetwork, inAll] }: LinkPageDeps,
  { id }: Share,
  network: string,
): Promise<void> {
  for (const [limiter, key] of [
    [ofNetwork, `${id}:${network}`],
    [inAll, String(id)],
  ] as const) {
    const taken = await limiter?.take(key);
    if (taken?.isWithin === false)
      throw new Refusal('tooManyRequests', { code: 429, retryAfterS: taken.waitS });
  }
}

async function takeDownload({ database }: LinkPageDeps, { id, downloadsLeft }: Share): Promise<void> {
  if (downloadsLeft === null) return;
  // In one statement: of many at once no more than are left get one.
  const taken = await database
    .sql('im_drive_share')
    .where({ id })
    .where('downloadsLeft', '>', 0)
    .decrement('downloadsLeft', 1);
  if (taken === 0) throw new Refusal('driveLinkUsed');
}

async function visit(
  { database }: LinkPageDeps,
  share: Share,
  { node, pass = '' }: Fields,
  language: Language,
): Promise<Visit> {
  const nodeId = /^[1-9]\d{0,15}$/.test(node ?? '') ? Number(node) : share.nodeId;
  const place = await placeForLink(database.sql, share, nodeId);
  if (!place) throw new Refusal('driveLinkUnknown', { code: 404 });
  return { share, place, pass, language };
}

async function showFolder(deps: LinkPageDeps, { share, place, pass, language }: Visit): Promise<string> {
  const { node, chain, from } = place;
  const nodes =
    node.isFile === 1 ? [node] : await treeStore.list(deps.database.sql, node.id, undefined, mostShown + 1);
  return pageOfFiles({
    ...{ code: share.code ?? '', pass, language, node, nodes: nodes.slice(0, mostShown) },
    path: chain.slice(1, from + 1).toReversed(),
    isMore: nodes.length > mostShown,
    downloadsLeft: share.downloadsLeft,
  });
}
