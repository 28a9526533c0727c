import { randomId, type components, type TextContent } from 'im-chat';
import { shallowRef } from 'vue';
import { all, api, ask } from '../chat/api.ts';

export type Scheduled = components['schemas']['ScheduledMessage'];

/** Of this page: how often something was scheduled or changed. Whoever shows the list looks again. */
export const changes = shallowRef(0);

export function scheduledIn(conversationId: string): Promise<Scheduled[]> {
  return all(({ limit, ...query }) =>
    api.GET('/v1/me/scheduled-messages', {
      params: { query: { conversationId, limit: Math.min(limit, 100), ...query } },
    }),
  );
}

export async function schedule(
  conversationId: string,
  said: { readonly content: TextContent; readonly sendAt: string; readonly replyTo?: number },
): Promise<void> {
  const params = { path: { conversationId }, header: { 'idempotency-key': randomId() } };
  await ask(api.POST('/v1/conversations/{conversationId}/scheduled-messages', { params, body: said }));
  changes.value += 1;
}

export async function reschedule(
  { id: scheduledId, content }: Scheduled,
  said: { readonly text: string; readonly sendAt: string },
): Promise<void> {
  const { text, sendAt } = said;
  // Who only moves it keeps its links and names.
  const isSame = content.type !== 'text' || content.text === text;
  const body = { sendAt, ...(!isSame && { content: { type: 'text' as const, text } }) };
  await ask(
    api.PATCH('/v1/me/scheduled-messages/{scheduledId}', { params: { path: { scheduledId } }, body }),
  );
  changes.value += 1;
}

export async function cancel({ id: scheduledId }: Scheduled): Promise<void> {
  await ask(api.DELETE('/v1/me/scheduled-messages/{scheduledId}', { params: { path: { scheduledId } } }));
  changes.value += 1;
}

export async function sendNow({ id: scheduledId }: Scheduled): Promise<void> {
  await ask(api.POST('/v1/me/scheduled-messages/{scheduledId}/send', { params: { path: { scheduledId } } }));
  changes.value += 1;
}

/** As the field of a form has it: the clock on the wall, without its time zone. */
export function asLocal(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** Times that people often mean, from now on; on a Sunday tomorrow is Monday. */
export function usualTimes(
  now: Date,
): { readonly name: 'inAnHour' | 'tomorrowMorning' | 'onMonday'; readonly at: Date }[] {
  const morning = (days: number): Date =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9);
  const monday = (8 - now.getDay()) % 7 || 7;
  return [
    { name: 'inAnHour', at: new Date(now.getTime() + 3_600_000) },
    { name: 'tomorrowMorning', at: morning(1) },
    ...(monday > 1 ? [{ name: 'onMonday' as const, at: morning(monday) }] : []),
  ];
}
