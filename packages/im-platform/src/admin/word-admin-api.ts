import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf } from '../api/values.ts';
import { chunksOf } from '../db/chunks.ts';
import { Refusal } from '../http/refusal.ts';
import { reduce } from '../sensitive-words/reduced-text.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';

const usual = 200;
const mostAtOnce = 1_000;
/** SQLite takes 500 rows at most. */
const perStatement = 200;
const longestWord = 64;

const word = z.object({ id: idText('Of the word'), word: z.string() }).meta({ id: 'ForbiddenWord' });

export function wordAdminApi(
  app: FastifyInstance,
  deps: AdminRouteDeps,
  words: Pick<SensitiveWords, 'mask'>,
): void {
  const { database } = deps;
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/words',
    name: 'adminListWords',
    summary: 'Words that are forbidden',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(1_000, usual) }),
    answer: pageOf(word),
    subject: () => 'words',
    async handle({ query: { cursor, limit = usual } }) {
      const rows = await database
        .sql('im_sensitive_word')
        .where({ enabled: 1 })
        .where('id', '>', readCursor(cursor, z.int()) ?? 0)
        .orderBy('id')
        .limit(limit + 1)
        .select<{ id: number; content: string }[]>('id', 'content');
      return toPage(rows, limit, {
        placeOf: ({ id }) => id,
        toItem: ({ id, content }) => ({ id: String(id), word: content }),
      });
    },
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/words',
    name: 'adminForbidWords',
    summary: 'Forbid words, on all instances within `--words-check-ms`; those that are forbidden stay so',
    body: z
      .strictObject({
        words: z.array(z.string().trim().min(1).max(longestWord)).min(1).max(mostAtOnce),
      })
      .meta({ example: { words: ['fool'] } }),
    subject: () => 'words',
    handle: ({ body, caller }, note) =>
      database.transaction(async (sql) => {
        const about = { enabled: 1, creator: caller.userId, createTime: Date.now() };
        for (const some of chunksOf([...new Set(body.words)], perStatement))
          await sql('im_sensitive_word')
            .insert(some.map((content) => ({ content, ...about })))
            .onConflict('content')
            .merge(['enabled']);
        await note(sql);
      }),
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/words/test',
    name: 'adminTestWords',
    summary: 'What a text would become, with the words that this instance knows now',
    body: z.strictObject({ text: z.string().max(4_096) }).meta({ example: { text: 'You f.o.o.l' } }),
    answer: z.object({
      masked: z.string(),
      folded: z.string().meta({
        description: 'What is looked at: letters and digits alone, without case, width, fonts and accents',
      }),
    }),
    subject: () => 'words',
    async handle({ body: { text } }, note) {
      await note(database.sql);
      return { masked: words.mask(text), folded: reduce(text).text };
    },
  });
  addAdminRoute(app, deps, {
    method: 'DELETE',
    path: '/admin/words/{wordId}',
    name: 'adminAllowWord',
    summary: 'Allow a word again',
    params: z.object({ wordId: idOf('Of the word', '1') }),
    problems: ['NOT_FOUND'],
    subject: ({ wordId }) => `word:${wordId}`,
    handle: ({ params: { wordId: id } }, note) =>
      database.transaction(async (sql) => {
        if ((await sql('im_sensitive_word').where({ id }).delete()) === 0) throw new Refusal('wordUnknown');
        await note(sql);
      }),
  });
}
