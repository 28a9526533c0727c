// The same chat drawn by Vue and by React, for a test to look at both.
import type { Chat, Message } from 'im-chat';
import * as react from 'im-chat/react';
import * as vue from 'im-chat/vue';
import { createElement, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createApp, h, ref } from 'vue';
import type { ChatPage } from './site.ts';

export interface FrameworksPage {
  /** Draws a conversation with both, each in an element of its own: `#vue` and `#react`. */
  draw(conversationId: string): void;
  /** Goes to another conversation, or to none. */
  choose(conversationId: string | undefined): void;
  undraw(): void;
  /** What each has heard of the event `sent`. */
  heard: { readonly vue: string[]; readonly react: string[] };
}

interface Body {
  readonly document: { querySelector(selector: string): Element | null };
}
const { document } = globalThis as unknown as Body;

function place(id: string): Element {
  const element = document.querySelector(id);
  if (!element) throw new Error(`The page has no ${id}.`);
  return element;
}

function textOf({ content, state }: Message): string {
  return `${'text' in content ? content.text : content.type} (${state})`;
}

const heard: FrameworksPage['heard'] = { vue: [], react: [] };
let choose: ((id: string | undefined) => void)[] = [];
let undraw: (() => void)[] = [];

function drawWithVue(chat: Chat, first: string): void {
  const id = ref<string | undefined>(first);
  const app = createApp({
    setup() {
      const session = vue.useSession();
      const { view, summary } = vue.useConversation(id);
      vue.useChatEvent('sent', (message) => heard.vue.push(textOf(message)));
      return () => [
        h('h1', `${session.value.kind} ${summary.value?.name ?? 'nobody'}`),
        ...(view.value?.messages ?? []).map((message) => h('p', { key: message.key }, textOf(message))),
      ];
    },
  });
  app.use(vue.chatPlugin(chat)).mount(place('#vue'));
  choose.push((next) => (id.value = next));
  undraw.push(() => app.unmount());
}

function drawWithReact(chat: Chat, first: string): void {
  const Shown = () => {
    const [id, setId] = useState<string | undefined>(first);
    choose = [...choose.slice(0, 1), setId];
    const session = react.useSession();
    const { view, summary } = react.useConversation(id);
    react.useChatEvent('sent', (message) => heard.react.push(textOf(message)));
    return [
      createElement('h1', { key: 'head' }, `${session.kind} ${summary?.name ?? 'nobody'}`),
      ...(view?.messages ?? []).map((message) => createElement('p', { key: message.key }, textOf(message))),
    ];
  };
  const root = createRoot(place('#react'));
  root.render(
    createElement(StrictMode, null, createElement(react.ChatProvider, { chat }, createElement(Shown))),
  );
  undraw.push(() => root.unmount());
}

const page: FrameworksPage = {
  heard,
  draw(conversationId) {
    const { chat } = globalThis as unknown as ChatPage;
    drawWithVue(chat, conversationId);
    drawWithReact(chat, conversationId);
  },
  choose: (conversationId) => choose.forEach((tell) => tell(conversationId)),
  undraw() {
    for (const end of undraw) end();
    [choose, undraw] = [[], []];
  },
};
Object.assign(globalThis, page);
