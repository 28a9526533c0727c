import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { apiLanguageOf } from '../api/api-language.ts';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf } from '../api/cursor.ts';
import { codeOfText } from '../api/problems.ts';
import { idOf, idText, limitOf, moment, time, toTime } from '../api/values.ts';
import type { LinkMaker } from '../files/file-links.ts';
import { say, type Language } from '../http/texts.ts';
import { detailIn, sentContent, shownContent, toShown, toWritten } from '../inbox/content.ts';
import { conversationId, conversationIdText } from '../inbox/conversation-id.ts';
import { mentions, replyTo } from '../inbox/message-api.ts';
import { shownMessage } from '../inbox/message-view.ts';
import { MessageStatus } from '../wire/message-type.ts';
import type { ScheduledMessage } from './scheduled-message.ts';
import { furthestDays, mostScheduled, type ScheduledMessages } from './scheduled-service.ts';

const tag = 'Scheduled messages';
const usual = 50;

const scheduled = z
  .object({
    id: idText('Of the scheduled message'),
    conversationId: z.string(),
    content: shownContent,
    mentions: z.array(z.string()),
    replyTo: z.int().nullable(),
    sendAt: time,
    state: z.enum(['waiting', 'sending', 'failed']).meta({
      description:
        '`sending`: its time has come, and it cannot be taken back any more. What is sent is a message like others, and is not here any more',
    }),
    failure: z
      .object({ code: z.string(), detail: z.string() })
      .nullable()
      .meta({ description: 'Why it was not sent, as a problem of sending it says it' }),
  })
  .meta({ id: 'ScheduledMessage' });

const sendAt = moment(
  `When it is to be sent: a moment ahead, within ${furthestDays} days, as RFC 3339 with \`Z\` or an offset`,
);
const saying = { content: sentContent, mentions, replyTo };
const ofOne = z.object({ scheduledId: idOf('Of the scheduled message', '1') });

export function scheduledApi(app: FastifyInstance, service: ScheduledMessages, links: LinkMaker): void {
  const show = (
    { id, conversation, said, sendTime, state, failure }: ScheduledMessage,
    language: Language,
  ): z.input<typeof scheduled> => {
    const written = toWritten(said.content);
    const content = links.inContent(written, conversation);
    return {
      ...{ id: String(id), conversationId: conversation, state, sendAt: toTime(sendTime) },
      content: toShown({ ...written, content, status: MessageStatus.PENDING }, detailIn(said.content)),
      ...{ mentions: [...(said.mentions ?? [])], replyTo: said.replyTo ?? null },
      failure: failure && {
        code: codeOfText(failure.key),
        detail: say(failure.key, language, failure.values),
      },
    };
  };
  addApiRoute(app, {
    method: 'POST',
    path: '/conversations/{conversationId}/scheduled-messages',
    name: 'scheduleMessage',
    tag,
    summary: 'Say something later',
    rights: `Who may write there now; and when it is sent, who may then. ${mostScheduled} of one user at most, and each counts as a message that is sent.`,
    takesIdempotencyKey: true,
    isMessage: true,
    params: z.object({ conversationId }),
    body: z
      .strictObject({ ...saying, sendAt })
      .meta({ example: { content: { type: 'text', text: 'Happy birthday' }, sendAt: exampleTime() } }),
    answer: scheduled,
    status: 201,
    problems: [
      ...(['NOT_FOUND', 'NOT_FRIENDS', 'NOT_WANTED', 'BLOCKED_BY_YOU'] as const),
      ...(['NOT_A_MEMBER', 'MUTED', 'GROUP_CLOSED', 'TOO_MANY'] as const),
    ],
    async handle({ params, body: { sendAt: sendTime, ...said }, caller, idempotencyKey: onceKey, request }) {
      const made = await service.schedule(caller, params.conversationId, { said, sendTime, onceKey });
      return show(made, apiLanguageOf(request));
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/me/scheduled-messages',
    name: 'listScheduledMessages',
    tag,
    summary: 'What I say later, the next first, and what could not be sent',
    rights: 'Whoever is signed in, of their own.',
    query: z.strictObject({
      conversationId: conversationIdText.optional().meta({ description: 'Those of one conversation alone' }),
      cursor: cursorQuery,
      limit: limitOf(mostScheduled, usual),
    }),
    answer: pageOf(scheduled),
    async handle({ query: { conversationId: conversation, cursor, limit = usual }, caller, request }) {
      const { items, nextCursor } = await service.list(caller, { conversation, cursor, limit });
      return { items: items.map((one) => show(one, apiLanguageOf(request))), nextCursor };
    },
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/me/scheduled-messages/{scheduledId}',
    name: 'changeScheduledMessage',
    tag,
    summary: 'Say something else, or at another time; what had failed waits again',
    rights: 'Whoever has scheduled it, until its time has come.',
    params: ofOne,
    body: z
      .strictObject({ ...saying, sendAt })
      .partial()
      .meta({ example: { sendAt: exampleTime() } }),
    answer: scheduled,
    problems: ['NOT_FOUND', 'TOO_LATE'],
    async handle({ params, body: { sendAt: sendTime, ...said }, caller, request }) {
      const changed = await service.change(caller, params.scheduledId, { ...said, sendTime });
      return show(changed, apiLanguageOf(request));
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/me/scheduled-messages/{scheduledId}',
    name: 'cancelScheduledMessage',
    tag,
    summary: 'Do not say it',
    rights: 'Whoever has scheduled it, until its time has come.',
    params: ofOne,
    problems: ['NOT_FOUND', 'TOO_LATE'],
    handle: ({ params, caller }) => service.cancel(caller, params.scheduledId),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/me/scheduled-messages/{scheduledId}/send',
    name: 'sendScheduledMessage',
    tag,
    summary: 'Say it now',
    rights: 'Whoever has scheduled it, by the rules of sending.',
    isMessage: true,
    params: ofOne,
    answer: shownMessage,
    problems: [
      ...(['NOT_FOUND', 'NOT_FRIENDS', 'NOT_WANTED', 'BLOCKED_BY_YOU', 'BANNED'] as const),
      ...(['NOT_A_MEMBER', 'MUTED', 'GROUP_CLOSED', 'FILE_REFUSED', 'MESSAGE_REFUSED', 'TOO_LATE'] as const),
    ],
    handle: ({ params, caller }) => service.sendNow(caller, params.scheduledId),
  });
}

/** Ahead for some years. */
function exampleTime(): string {
  return '2030-01-01T09:00:00+08:00';
}
