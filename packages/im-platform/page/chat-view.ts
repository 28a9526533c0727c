import type { Chat, ChatKind } from './chats.ts';
import type { Client } from './client.ts';
import { avatar, el, timeOf } from './dom.ts';
import { inShort, messageView } from './message-view.ts';

/** How near to the end one must be to be taken along by what comes. */
const nearPx = 80;

/** The two panes: with whom one talks, and the conversation. */
export class ChatView {
  readonly element: HTMLElement;
  readonly #client: Client;
  readonly #banner = el('div', { class: 'banner', hidden: true }, 'Offline. Trying to connect again…');
  readonly #list = el('ul', { class: 'chats', label: 'Conversations' });
  readonly #talk = el('main', { class: 'talk' });
  readonly #bar = el('div', { class: 'bar' });
  readonly #messages = el('ol', { class: 'messages', label: 'Messages' });
  readonly #refusal = el('p', { class: 'refusal problem', hidden: true });
  /** What is half written, by chat. */
  readonly #drafts = new Map<Chat, string>();
  #isDrawing = false;
  #drawn = '';

  constructor(client: Client, signOut: () => void) {
    this.#client = client;
    const { id, nickName, headImageThumb } = client.chats.me;
    const me = { id, name: nickName, image: headImageThumb, kind: 'friend', isOnline: false };
    this.element = el(
      'div',
      { class: 'chat' },
      this.#banner,
      el(
        'nav',
        { class: 'people', label: 'People and groups' },
        el(
          'div',
          { class: 'bar' },
          avatar(me),
          el('div', { class: 'grow' }, el('h2', {}, nickName)),
          el('button', { class: 'quiet', onclick: signOut }, 'Sign out'),
        ),
        this.#list,
      ),
      this.#talk,
    );
    this.#openTalk(undefined);
    this.#draw();
    document.addEventListener('visibilitychange', this.#seen);
  }

  /** Draws what has changed, once for all that changes in one moment. */
  update(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    // Not requestAnimationFrame, which waits for ever in a tab that nobody looks at.
    setTimeout(() => {
      this.#isDrawing = false;
      this.#draw();
    });
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#seen);
  }

  readonly #seen = (): void => {
    const { shown } = this.#client;
    if (document.visibilityState === 'visible' && shown) this.#client.markRead(shown);
  };

  #draw(): void {
    const { chats, connection, shown } = this.#client;
    this.#banner.hidden = connection !== 'offline';
    document.title = chats.unread > 0 ? `(${chats.unread}) im` : 'im';
    this.#drawList();
    if (shown) this.#drawTalk(shown);
  }

  #drawList(): void {
    const focused = document.activeElement?.id;
    const parts = [...this.#section('friend', 'Friends'), ...this.#section('group', 'Groups')];
    this.#list.replaceChildren(...parts);
    if (focused?.startsWith('chat-') === true) document.getElementById(focused)?.focus();
  }

  #section(kind: ChatKind, title: string): HTMLElement[] {
    const entries = this.#client.chats.list(kind).map((chat) => this.#entry(chat));
    return entries.length === 0 ? [] : [el('li', {}, el('h3', {}, title)), ...entries];
  }

  #entry(chat: Chat): HTMLElement {
    const last = chat.messages.at(-1);
    const isShown = chat === this.#client.shown;
    const button = el(
      'button',
      { id: `chat-${chat.kind}-${chat.id}`, onclick: () => this.#show(chat) },
      avatar(chat),
      el(
        'span',
        {},
        el('div', { class: 'name' }, chat.name, chat.isOnline && el('span', { class: 'unseen' }, ', online')),
        el('div', { class: 'last' }, last ? inShort(last) : ' '),
      ),
      el(
        'span',
        { class: 'side' },
        last && timeOf(last.sentAt),
        chat.unread > 0 &&
          el('span', { class: 'unread', label: `${chat.unread} unread` }, String(chat.unread)),
      ),
    );
    button.setAttribute('aria-current', String(isShown));
    return el('li', {}, button);
  }

  #show(chat: Chat | undefined): void {
    this.#openTalk(chat);
    this.#try(this.#client.show(chat));
    this.update();
  }

  /** The frame of a conversation, which stays while messages come and go. */
  #openTalk(chat: Chat | undefined): void {
    this.element.dataset['pane'] = chat ? 'talk' : 'people';
    this.#refusal.hidden = true;
    this.#drawn = '';
    this.#messages.replaceChildren();
    if (!chat) {
      this.#talk.replaceChildren(el('p', { class: 'nothing' }, 'Choose somebody to talk to.'));
      return;
    }
    this.#talk.replaceChildren(
      this.#bar,
      this.#messages,
      this.#refusal,
      chat.isOpen ? this.#composer(chat) : el('p', { class: 'tip' }, 'You cannot write here any more.'),
    );
    if (chat.isOpen && matchMedia('(hover: hover)').matches) this.#talk.querySelector('textarea')?.focus();
  }

  #drawBar(chat: Chat): void {
    const back = el(
      'button',
      { class: 'quiet back', label: 'Back', onclick: () => this.#show(undefined) },
      '←',
    );
    const about = el(
      'div',
      { class: 'grow' },
      el('h2', {}, chat.name),
      el('p', { class: 'soft' }, chat.notice),
    );
    this.#bar.replaceChildren(back, avatar(chat), about);
  }

  #composer(chat: Chat): HTMLElement {
    const field = el('textarea', {
      rows: 1,
      maxLength: 1024,
      placeholder: `Message ${chat.name}`,
      label: `Message ${chat.name}`,
      value: this.#drafts.get(chat) ?? '',
    });
    const send = (): void => {
      const content = field.value.trim();
      if (content === '') return;
      field.value = '';
      this.#drafts.delete(chat);
      this.#refusal.hidden = true;
      this.#messages.scrollTop = this.#messages.scrollHeight;
      this.#try(this.#client.send(chat, content));
    };
    field.addEventListener('input', () => this.#drafts.set(chat, field.value));
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send();
    });
    const form = el('form', { class: 'composer' }, field, el('button', {}, 'Send'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      send();
      field.focus();
    });
    return form;
  }

  #drawTalk(chat: Chat): void {
    const { me } = this.#client.chats;
    // Texts can be selected and buttons be pressed as long as nothing changes.
    const state = JSON.stringify(chat);
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.#drawBar(chat);
    const list = this.#messages;
    const fromEnd = list.scrollHeight - list.scrollTop - list.clientHeight;
    const isFirst = list.childElementCount === 0;
    const actions = {
      sendAgain: (message: Chat['messages'][number]) => this.#try(this.#client.sendAgain(chat, message)),
      recall: (message: Chat['messages'][number]) => this.#try(this.#client.recall(chat, message)),
    };
    const earlier = el(
      'button',
      { class: 'quiet', onclick: () => this.#try(this.#client.loadEarlier(chat)) },
      'Show earlier messages',
    );
    const hasHistory = chat.pages > 0;
    list.replaceChildren(
      ...(hasHistory && chat.mayHaveEarlier ? [el('li', { class: 'earlier' }, earlier)] : []),
      ...chat.messages.map((message) => messageView(chat, message, message.from === me.id, actions)),
    );
    if (chat.messages.length === 0 && hasHistory)
      list.replaceChildren(el('li', { class: 'nothing' }, 'Nothing was said here yet.'));
    // Whoever reads at the end stays there; whoever reads further up keeps their place.
    list.scrollTop =
      isFirst || fromEnd < nearPx ? list.scrollHeight : list.scrollHeight - list.clientHeight - fromEnd;
  }

  /** What the server refuses is said where one is looking. */
  #try(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#refusal.textContent =
        error instanceof TypeError ? 'The server cannot be reached.' : (error as Error).message;
      this.#refusal.hidden = false;
    });
  }
}
