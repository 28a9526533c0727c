import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { Refusal } from '../http/refusal.ts';
import { longestLink } from './bounded-get.ts';
import { mostPerMinute, type LinkPreviewService } from './link-preview-service.ts';

const linkPreview = z
  .object({
    title: z.string().nullable(),
    description: z.string().nullable(),
    picture: z
      .object({
        url: z
          .string()
          .meta({ description: 'The picture itself: `data:image/webp;base64,…`, 24 KB at most' }),
        width: z.int(),
        height: z.int(),
      })
      .nullable(),
  })
  .meta({ id: 'LinkPreview' });

/** Without a service there are none. */
export function linkPreviewApi(app: FastifyInstance, service: LinkPreviewService | undefined): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/link-preview',
    name: 'previewLink',
    tag: 'Messages',
    summary: 'What the page says of itself that a link leads to',
    rights: `Whoever is signed in; ${mostPerMinute} addresses in a minute that are not known here yet. The platform asks the site, which learns nothing of who wants to know. Only with \`--link-previews\`.`,
    query: z.strictObject({
      url: z
        .string()
        .max(longestLink)
        .refine((text) => URL.canParse(text) && /^https?:/i.test(text), 'expected https://… or http://…')
        .meta({ example: 'https://example.com/article' }),
    }),
    answer: z.object({
      preview: linkPreview.nullable().meta({ description: 'Null: there is nothing to show' }),
    }),
    problems: ['NOT_FOUND'],
    async handle({ query, caller }) {
      if (!service) throw new Refusal('linkPreviewsOff', { code: 404 });
      return { preview: await service.find(caller.userId, query.url) };
    },
  });
}
