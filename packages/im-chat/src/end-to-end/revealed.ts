import type { EditedMessage, FileKey, MessageEncryption, StoredMessage } from '../model/message.ts';
import type { Keyring, Opened } from './keyring.ts';
import type { Memory } from './memory.ts';
import { isPreview } from './preview.ts';

export interface RevealedDeps {
  readonly memory: Memory;
  /** Undefined: the keys are not here, or not yet. */
  keyring(): Keyring | undefined;
  /** There is no key for a message that has come: it may wait at the platform. */
  onNoKey(): void;
  onChanged(conversationId: string): void;
}

/** So many open messages are held. */
const most = 5_000;

/** Messages as they were said. What is open is held in memory alone: at rest there is what came. */
export class Revealed {
  readonly #deps: RevealedDeps;
  /** By conversation and number, with what was opened. */
  readonly #opened = new Map<string, { readonly said: string; readonly opened: Opened | undefined }>();
  readonly #shown = new WeakMap<
    StoredMessage,
    { readonly of: Opened | undefined; readonly edit: Edit | undefined; readonly message: StoredMessage }
  >();
  /** What was said in the place of others, by their conversation and number; the last one comes last. */
  readonly #edits = new Map<string, readonly Edit[]>();

  readonly #lookedFor = new Set<string>();

  constructor(deps: RevealedDeps) {
    this.#deps = deps;
  }

  reveal(message: StoredMessage): StoredMessage {
    const { content } = message;
    if (content.type !== 'encrypted') return this.#plain(message);
    const opened = this.#open(message, content.body);
    const edit = this.#lastEdit(message, opened);
    const known = this.#shown.get(message);
    if (known && known.of === opened && known.edit === edit) return known.message;
    const shown = { ...message, ...toShown(opened, content), ...(edit && inPlace(edit)) };
    this.#shown.set(message, { of: opened, edit, message: shown });
    return shown;
  }

  /** Which one of mine it is, for what is said in its place. Undefined: it is not open here. */
  asEdited(conversationId: string, number: number): EditedMessage | undefined {
    const opened = this.#opened.get(nameOf(conversationId, number))?.opened;
    return opened && 'content' in opened && opened.content.type === 'text'
      ? { number, deviceId: opened.deviceId, place: opened.place }
      : undefined;
  }

  editsOf(conversationId: string, number: number): readonly number[] {
    return (this.#edits.get(nameOf(conversationId, number)) ?? []).map((edit) => edit.number);
  }

  /** Of those by the same person that name this one, and not another one that somebody has put in its place. */
  #lastEdit(
    { conversationId, number, senderId }: StoredMessage,
    opened: Opened | undefined,
  ): Edit | undefined {
    if (!opened || 'why' in opened) return undefined;
    return this.#edits
      .get(nameOf(conversationId, number))
      ?.findLast(
        ({ of, senderId: by }) =>
          by === senderId && isSame(of.deviceId, opened.deviceId) && of.place === opened.place,
      );
  }

  #note({ conversationId, number, senderId, sentAt }: StoredMessage, opened: Opened): void {
    if ('why' in opened || !opened.edits || opened.content.type !== 'text') return;
    const edit: Edit = { number, senderId, sentAt, of: opened.edits, content: opened.content };
    const name = nameOf(conversationId, edit.of.number);
    const others = (this.#edits.get(name) ?? []).filter((one) => one.number !== number);
    this.#edits.set(
      name,
      [...others, edit].sort((one, other) => one.number - other.number),
    );
  }

  /** Keys have come: what could not be opened may be opened now. */
  tryAgain(conversationId?: string): void {
    const changed = new Set<string>();
    for (const [name, { opened }] of this.#opened) {
      const id = name.slice(0, name.lastIndexOf('/'));
      // What is being opened began without them.
      const isOpen = opened !== undefined && 'content' in opened;
      if (isOpen || (conversationId !== undefined && id !== conversationId)) continue;
      this.#opened.delete(name);
      changed.add(id);
    }
    for (const id of changed) this.#deps.onChanged(id);
  }

  /** What was opened is looked at again: somebody is known better now. */
  forget(): void {
    const ids = new Set([...this.#opened.keys()].map((name) => name.slice(0, name.lastIndexOf('/'))));
    this.#opened.clear();
    for (const id of ids) this.#deps.onChanged(id);
  }

  #open(message: StoredMessage, body: string): Opened | undefined {
    const { conversationId, number, senderId } = message;
    const keyring = this.#deps.keyring();
    if (!keyring) return notHere;
    const name = nameOf(conversationId, number);
    const known = this.#opened.get(name);
    // Said to be somebody else's it is another one.
    const said = `${senderId} ${body}`;
    if (known?.said === said) return known.opened;
    if (this.#opened.size >= most) this.#opened.clear();
    this.#opened.set(name, { said, opened: undefined });
    void keyring.decrypt(message, body).then(
      (opened) => {
        if (this.#opened.get(name)?.said !== said) return;
        this.#opened.set(name, { said, opened });
        if ('why' in opened && opened.why === 'no-key') this.#lookForKey(name);
        this.#note(message, opened);
        this.#deps.onChanged(conversationId);
      },
      () => undefined,
    );
    return undefined;
  }

  /** The push that tells of it may have been lost. Once for each message: of most there is none. */
  #lookForKey(name: string): void {
    if (this.#lookedFor.has(name)) return;
    if (this.#lookedFor.size >= most) this.#lookedFor.clear();
    this.#lookedFor.add(name);
    this.#deps.onNoKey();
  }

  #plain(message: StoredMessage): StoredMessage {
    const { conversationId, number, content } = message;
    const isPeoples = ['text', 'image', 'file', 'audio', 'custom'].includes(content.type);
    if (!isPeoples || number <= this.#deps.memory.plainUpTo(conversationId)) return message;
    const known = this.#shown.get(message);
    if (known) return known.message;
    const shown: StoredMessage = { ...message, encryption: { kind: 'plain' } };
    this.#shown.set(message, { of: undefined, edit: undefined, message: shown });
    return shown;
  }
}

/** What somebody has said in the place of what they had said before. */
interface Edit {
  readonly number: number;
  readonly senderId: string;
  readonly sentAt: string;
  readonly of: EditedMessage;
  readonly content: StoredMessage['content'];
}

function nameOf(conversationId: string, number: number): string {
  return `${conversationId}/${number}`;
}

/** A key from a backup does not say of which device it is, where that is gone. */
function isSame(deviceId: string, other: string): boolean {
  return deviceId === other || deviceId === '' || other === '';
}

function inPlace({ content, sentAt }: Edit): Pick<StoredMessage, 'content' | 'editedAt'> {
  return { content, editedAt: sentAt };
}

const notHere: Opened = { why: 'not-here' };

/** The address of a file is the one that the platform has signed; what opens it was said. */
function withAddress(
  said: StoredMessage['content'],
  sent: StoredMessage['content'],
): StoredMessage['content'] {
  const { key } = said as { key?: FileKey };
  const url = sent.type === 'encrypted' ? sent.file?.url : undefined;
  if (!key || url === undefined) return said;
  const { preview, ...rest } = key;
  const opened: object = { ...said, url, key: { ...rest, ...(isPreview(preview) && { preview }), url } };
  return opened as StoredMessage['content'];
}

function toShown(
  opened: Opened | undefined,
  content: StoredMessage['content'],
): { content: StoredMessage['content']; encryption: MessageEncryption } {
  if (!opened) return { content, encryption: { kind: 'opening' } };
  if ('why' in opened) return { content, encryption: { kind: 'unreadable', why: opened.why } };
  const { deviceId, place, since, isVerified, edits } = opened;
  return {
    content: withAddress(opened.content, content),
    encryption: {
      ...{ kind: 'read', deviceId, place, isVerified },
      ...(since !== undefined && { since }),
      ...(edits && { edits }),
    },
  };
}
