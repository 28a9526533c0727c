import type { ApiTokens, TokenStore } from 'im-chat';
import { shallowRef } from 'vue';
import { configuration } from './configuration.ts';

// Several people may be signed in in one browser, each in a slot of its own, and a tab is one of them.

export interface KeptAccount {
  readonly userName: string;
  readonly nickName: string;
  readonly thumbnail: string | null;
  readonly tokens: ApiTokens | undefined;
}

const prefix = 'im-web:account:';
const ofThisTab = 'im-web:account';
const lastUsed = 'im-web:last-account';

/** Where one tries things out, each tab asks who it is to be. */
const goesOn = configuration.demoAccounts.length === 0;
let current = (sessionStorage.getItem(ofThisTab) ?? (goesOn && localStorage.getItem(lastUsed))) || undefined;

export function currentAccount(): KeptAccount | undefined {
  return current === undefined ? undefined : read(current);
}

/** Who used this tab last, also when they have to sign in again. */
export function lastUserName(): string {
  return current ?? '';
}

const kept = shallowRef(readAll());
// What another tab has written.
window.addEventListener('storage', () => (kept.value = readAll()));

/** Whoever may go on without a password. */
export function keptAccounts(): readonly KeptAccount[] {
  return kept.value;
}

function readAll(): readonly KeptAccount[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .map((key) => read(key.slice(prefix.length)))
    .filter((account) => account !== undefined && account.tokens !== undefined) as KeptAccount[];
}

/** This tab is somebody else from now on. Returns what undoes it. */
export function becomeAccount(userName: string): () => void {
  const before = current;
  const set = (name: string | undefined): void => {
    current = name;
    if (name === undefined) sessionStorage.removeItem(ofThisTab);
    else {
      sessionStorage.setItem(ofThisTab, name);
      localStorage.setItem(lastUsed, name);
    }
  };
  set(userName.toLowerCase());
  return () => set(before);
}

/** How they are shown where one chooses an account. */
export function describeAccount(about: Pick<KeptAccount, 'nickName' | 'thumbnail'>): void {
  const account = currentAccount();
  if (account) write({ ...account, ...about });
}

export function forgetAccount(userName: string): void {
  localStorage.removeItem(prefix + userName);
  kept.value = readAll();
}

export const accountTokens: TokenStore = {
  read: () => currentAccount()?.tokens,
  write(tokens) {
    if (current === undefined) return;
    if (tokens)
      write({ ...(read(current) ?? { userName: current, nickName: current, thumbnail: null }), tokens });
    else forgetAccount(current);
  },
};

function read(userName: string): KeptAccount | undefined {
  const text = localStorage.getItem(prefix + userName);
  return text === null ? undefined : (JSON.parse(text) as KeptAccount); // nobody else writes there
}

function write(account: KeptAccount): void {
  localStorage.setItem(prefix + account.userName, JSON.stringify(account));
  kept.value = readAll();
}
