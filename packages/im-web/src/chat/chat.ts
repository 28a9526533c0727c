import { Chat, type SecondStep } from 'im-chat';
import { indexedDbStore } from 'im-chat/indexed-db';
import { computed, shallowRef } from 'vue';
import { encryption } from '../encryption/encryption.ts';
import { language } from '../text/i18n.ts';
import { accountTokens, becomeAccount, currentAccount } from './accounts.ts';
import { configuration } from './configuration.ts';
import { follow } from './use-readable.ts';

/** The chat of this tab. */
export const chat = new Chat({
  url: location.origin,
  imUrl: configuration.imUrl,
  tokens: accountTokens,
  store: indexedDbStore(),
  encryption,
  fetch(request) {
    request.headers.set('accept-language', language.value);
    return fetch(request);
  },
});

export const session = follow(chat.session);
export const conversations = follow(chat.conversations);
/** Where something could not be sent. */
export const failed = follow(chat.failed);

/** What is kept of whoever is signed in can be seen. */
const isOpen = shallowRef(false);
export const isSignedIn = computed(() => isOpen.value && session.value.kind === 'signed-in');
export const myId = computed(() => (session.value.kind === 'signed-in' ? session.value.userId : ''));

/** Goes on as who this tab was before. */
export async function goOn(): Promise<void> {
  if (!currentAccount()?.tokens) return;
  await chat.start();
  isOpen.value = chat.session.get().kind === 'signed-in';
}

export async function signIn({
  userName,
  ...shown
}: { readonly userName: string } & ({ readonly password: string } | SecondStep)): Promise<void> {
  const back = becomeAccount(userName);
  try {
    isOpen.value = false;
    // Demo accounts have more members than are sent.
    await chat.signIn('ticket' in shown ? shown : { userName, password: shown.password });
    isOpen.value = true;
  } catch (error) {
    back();
    await goOn().catch(() => undefined);
    throw error;
  }
}

/** Another account of this browser, in this tab. A page is one chat, so it begins anew. */
export function switchTo(userName: string): void {
  becomeAccount(userName);
  location.hash = '#/chats';
  location.reload();
}

export async function deleteAccount(password: string): Promise<void> {
  await chat.deleteMe(password === '' ? undefined : password);
  isOpen.value = false;
}

export async function signOut(): Promise<void> {
  isOpen.value = false;
  await chat.signOut({ forget: true });
}
