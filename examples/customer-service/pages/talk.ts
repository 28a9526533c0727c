// What both pages share: the desk's routes, its news, and a conversation of im-chat.
import { Chat, memoryTokens, type ApiTokens, type Conversation } from 'im-chat';
import type { Line } from '../cases.ts';

/** `View`: what is told to this page. */
export class Desk<View> {
  readonly #pass: string;
  /** For what went wrong, to be shown. */
  readonly #say: (detail: string) => void;

  constructor(pass: string, say: (detail: string) => void) {
    this.#pass = pass;
    this.#say = say;
  }

  async ask<T>(path: string, body: object = {}): Promise<T | undefined> {
    try {
      const answer = await fetch(path, {
        method: 'POST',
        headers: this.#headers(),
        body: JSON.stringify(body),
      });
      const said = (await answer.json()) as T & { detail?: string };
      this.#say(answer.ok ? '' : (said.detail ?? ''));
      return answer.ok ? said : undefined;
    } catch {
      this.#say('There is no connection.');
      return undefined;
    }
  }

  /** Calls with each view, over restarts of the desk, for as long as the page is there. */
  async follow(show: (view: View) => void, connected: () => void = () => undefined): Promise<never> {
    for (;;) {
      try {
        const { body } = await fetch('/events', { headers: this.#headers() });
        connected();
        let text = '';
        if (!body) continue;
        const reader = body.pipeThrough(new TextDecoderStream()).getReader();
        for (let part = await reader.read(); !part.done; part = await reader.read()) {
          const lines = (text + part.value).split('\n');
          text = lines.pop() ?? '';
          for (const line of lines) if (line !== '') show(JSON.parse(line) as View);
        }
      } catch {
        // It is away; the next attempt says more.
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }

  async chat(): Promise<Chat | undefined> {
    const session = await this.ask<{ url: string; imUrl: string; tokens: ApiTokens }>('/session');
    if (!session) return undefined;
    const tokens = memoryTokens();
    tokens.write(session.tokens);
    const chat = new Chat({ url: session.url, imUrl: session.imUrl, tokens, language: 'en' });
    await chat.start();
    return chat;
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#pass}` };
  }
}

/** A conversation that is shown. */
export interface Shown {
  readonly draw: () => void;
  readonly end: () => void;
}

/** The texts of a conversation, as they come, after those lines that cannot be read there. */
export function showMessages(
  conversation: Conversation,
  list: HTMLElement,
  linesBefore: () => readonly Line[] = () => [],
): Shown {
  const draw = (): void => {
    const { messages } = conversation.get();
    const firstNumber = messages[0]?.number ?? Infinity;
    const before = linesBefore()
      .filter(({ number }) => number < firstNumber)
      .map(({ from, text }) => rowOf(from, text, 'before'));
    const rows = messages.map(({ content, isMine, senderName, state }) => {
      if (content.type !== 'text') return '';
      return rowOf(isMine ? 'You' : (senderName ?? ''), content.text, state === 'failed' ? 'failed' : '');
    });
    list.replaceChildren(...before, ...rows);
    list.lastElementChild?.scrollIntoView({ block: 'nearest' });
  };
  const end = conversation.subscribe(draw);
  draw();
  return { draw, end };
}

export function rowOf(from: string, text: string, className = ''): HTMLElement {
  const row = document.createElement('li');
  row.className = className;
  row.append(
    Object.assign(document.createElement('b'), { textContent: from }),
    ' ',
    Object.assign(document.createElement('span'), { textContent: text }),
  );
  return row;
}

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}.`);
  return found;
}

/** With what stands in the fields of the form, which are empty then. */
export function onSubmit(id: string, act: (fields: Readonly<Record<string, string>>) => unknown): void {
  const form = element(id) as HTMLFormElement;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form)) as Record<string, string>; // there are no files
    form.reset();
    void act(fields);
  });
}
