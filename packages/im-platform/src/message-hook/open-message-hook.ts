import { readWebhookSecret } from 'im-common/internal/network';
import { Counter, type Registry } from 'prom-client';
import type { Database } from '../db/database.ts';
import type { ResolvedOptions } from '../options.ts';
import { SignedPost } from '../outgoing/signed-post.ts';
import { MessageHook, type MessageHookDeps } from './message-hook.ts';

type HookOptions = Pick<
  ResolvedOptions,
  'messageHook' | 'messageHookSecret' | 'messageHookTimeoutMs' | 'messageHookAway' | 'logger'
>;

const mostAtOnce = 64;

/** As the options say; undefined: there is none. */
export function openMessageHook(
  { messageHook: url, messageHookSecret, messageHookTimeoutMs, messageHookAway, logger }: HookOptions,
  {
    database,
    show,
    metrics,
  }: Pick<MessageHookDeps, 'show'> & {
    readonly database: Pick<Database, 'sql'>;
    readonly metrics: Registry;
  },
): { readonly hook: MessageHook; close(): void } | undefined {
  if (url === undefined) return undefined;
  const secrets = [messageHookSecret ?? []].flat().map(readWebhookSecret);
  const post = new SignedPost({ url, secrets: () => secrets, atOnce: mostAtOnce });
  const answers = new Counter({
    name: 'im_platform_message_hook_total',
    help: 'What the hook before messages said: allow, refuse, change; away: nothing',
    labelNames: ['answer'],
    registers: [metrics],
  });
  const hook = new MessageHook({
    ...{ database, post, show, logger, timeoutMs: messageHookTimeoutMs, whenAway: messageHookAway },
    onAnswer: (answer) => answers.inc({ answer }),
  });
  return { hook, close: () => post.close() };
}
