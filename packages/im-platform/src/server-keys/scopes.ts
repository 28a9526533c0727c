/** What a key may be good for: each group of routes of `/v1/server` has its own. */
export const serverScopes = [
  ...(['users', 'tokens', 'conversations', 'messages', 'deliveries'] as const),
  ...(['readers', 'bots', 'history', 'webhooks', 'exports', 'erasures', 'campaigns'] as const),
  'bot-webhooks',
] as const;
export type ServerScope = (typeof serverScopes)[number];

export function isServerScope(word: string): word is ServerScope {
  return serverScopes.some((scope) => scope === word);
}
