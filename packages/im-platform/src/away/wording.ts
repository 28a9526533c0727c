import type { GroupMessage } from '../messages/group/group-message.ts';
import type { PrivateMessage } from '../messages/private/private-message.ts';
import { readContent } from '../client/content.ts';
import { say, type Language } from '../http/texts.ts';

/** As much as screens show; and services take 4 KB with all the rest. */
const mostLetters = 150;

/** What a notification says. */
export interface Wording {
  readonly title: string;
  readonly body: string;
}

/** Without a preview neither who wrote nor what: it may lie on a table. */
export function wordingOf(
  message: PrivateMessage | GroupMessage,
  {
    name,
    preview,
    language,
  }: {
    /** Of the sender; of a group its own. */
    readonly name: string;
    readonly preview: boolean;
    readonly language: Language;
  },
): Wording {
  if (!preview) return { title: say('awayNews', language), body: '' };
  const text = cut(textOf(message, language));
  const body =
    'groupId' in message && message.sendNickName !== '' ? `${message.sendNickName}: ${text}` : text;
  return { title: cut(name) || say('awayNews', language), body };
}

function textOf(message: PrivateMessage | GroupMessage, language: Language): string {
  const content = readContent(message);
  switch (content.type) {
    case 'image':
      return say('awayPicture', language);
    case 'audio':
      return say('awayVoice', language);
    case 'file':
      return say('awayFile', language, { name: content.name ?? '' });
    case 'call':
      return say('awayCall', language, { text: content.text });
    case 'recalled':
    case 'encrypted':
    case 'other':
      return say('awayNews', language);
    default:
      return content.text.replaceAll(/\s+/g, ' ').trim();
  }
}

/** Not through the middle of a character. */
function cut(text: string): string {
  if (text.length <= mostLetters) return text;
  return `${text.slice(0, mostLetters - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
