// The page of these tests, bundled and loaded by Chromium.
import { Chat, localStorageTokens } from 'im-chat';
import { indexedDbStore } from 'im-chat/indexed-db';
import type { ChatPage } from './site.ts';

interface Browser {
  readonly localStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  readonly location: { readonly origin: string };
}
const { localStorage, location } = globalThis as unknown as Browser;

let stop = new AbortController();
let stopChanging = new AbortController();

function written(name: string): string[] {
  return JSON.parse(localStorage.getItem(`written ${name}`) ?? '[]') as string[];
}

async function writeOn(conversationId: string, name: string): Promise<void> {
  const { chat } = globalThis as unknown as ChatPage;
  const conversation = chat.conversation(conversationId);
  stop = new AbortController();
  const { signal } = stop;
  while (!signal.aborted) {
    const before = written(name);
    // With chance in it: what was sent and not noted down, as the page went, must not come again under its name.
    const text = `${name} ${before.length + 1} ${Math.random().toString(36).slice(2, 8)}`;
    conversation.send(text);
    await chat.stored();
    localStorage.setItem(`written ${name}`, JSON.stringify([...before, text]));
    await new Promise((resolve) => setTimeout(resolve, 60 + Math.random() * 120));
  }
}

function changes(): number {
  return Number(localStorage.getItem('changes') ?? 0);
}

async function changeOn(conversationId: string): Promise<void> {
  const { chat } = globalThis as unknown as ChatPage;
  const conversation = chat.conversation(conversationId);
  stopChanging = new AbortController();
  const { signal } = stopChanging;
  // Whoever looks is told what is pinned.
  conversation.pins.subscribe(() => undefined);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)];
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 60 + Math.random() * 120));
    const message = pick(conversation.get().messages.filter(({ content }) => content.type === 'text'));
    const { number, isMine = false } = message ?? {};
    if (number === undefined) continue;
    const isOn = Math.random() < 0.6;
    const deeds = [
      () => conversation.react(number, pick(['👍', '🎉', '❤️']) ?? '', isOn),
      () => conversation.pin(number, isOn),
      ...(isMine ? [() => conversation.edit(number, `${number} written over ${changes()}`)] : []),
      // What is gone cannot be changed any more, so it is seldom.
      ...(isMine && Math.random() < 0.04 ? [() => conversation.recall(number)] : []),
    ];
    // What is not allowed, as the other one has taken it back meanwhile, is as it was before.
    void pick(deeds)?.().catch(() => undefined);
    await chat.stored();
    localStorage.setItem('changes', String(changes() + 1));
  }
}

const page: Omit<ChatPage, 'chat'> = {
  async begin(userName, password, imUrl) {
    const chat = new Chat({
      ...{ url: location.origin, imUrl, language: 'en', timeoutMs: 3_000 },
      ...{ tokens: localStorageTokens(userName), store: indexedDbStore() },
      device: { backoffBaseMs: 50, backoffCeilingMs: 500 },
    });
    await chat.start();
    if (chat.session.get().kind === 'signed-out') await chat.signIn({ userName, password });
    Object.assign(globalThis, { chat });
  },
  write: (conversationId, name) => void writeOn(conversationId, name),
  change: (conversationId) => void changeOn(conversationId),
  stopWriting() {
    stop.abort();
    stopChanging.abort();
  },
  changes,
  async settled() {
    const { chat } = globalThis as unknown as ChatPage;
    for (;;) {
      const session = chat.session.get();
      if (chat.waiting === 0 && session.kind === 'signed-in' && session.connection.kind === 'online') return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
  written,
};
Object.assign(globalThis, page);
