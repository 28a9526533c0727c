import { ChatError, type ApiTokens } from 'im-chat';
import { language, t } from '../text/i18n.ts';
import { accountTokens, becomeAccount } from './accounts.ts';

// Signing in where it is not known beforehand who it will be. Not by the chat of this tab, which may be somebody else's.

interface Said {
  readonly code?: string;
  readonly detail?: string;
  readonly ticket?: string;
}

/** Tokens of `path`, or an error whose message is for the user. */
export async function fetchTokens(path: string, body: object): Promise<ApiTokens> {
  const answer = await fetch(`${location.origin}/v1/sessions/${path}`, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json', 'accept-language': language.value },
  }).catch(() => undefined);
  const said = (await answer?.json().catch(() => undefined)) as unknown;
  if (answer?.ok) return said as ApiTokens; // as the platform describes it
  const { code = 'NO_ANSWER', detail = t('noAnswer'), ticket } = (said ?? {}) as Said;
  throw new ChatError(code, detail, { ticket });
}

/** This tab is theirs from now on. A page is one chat, so it begins anew. */
export function adopt(tokens: ApiTokens): void {
  becomeAccount(userNameIn(tokens));
  accountTokens.write(tokens);
  location.replace('#/chats');
  location.reload();
}

function userNameIn({ accessToken }: ApiTokens): string {
  const payload = (accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
  const { info } = JSON.parse(new TextDecoder().decode(bytes)) as { info: string };
  return (JSON.parse(info) as { userName: string }).userName;
}
