import type { components } from './generated-types.ts';
import { MessageStatus, MessageType } from './message-type.ts';

// What a message says, read from the form that box-im's front ends know: the platform answers `/v1` with it, and who gets pushes, which
// have that form, reads them with it. So there is one reader, and both show the same.

type Content = components['schemas']['Content'];

/** So many parts of a recording say how loud it is. */
export const mostBars = 64;

/** As tables and pushes have it: a number, and a text, which is JSON for everything but words. */
export interface WrittenMessage {
  readonly type: number;
  readonly status?: number | undefined;
  readonly content?: string | null | undefined;
}

/** As `/v1` shows it. What is recalled is told to nobody; members that a client of box-im wrote otherwise are left out. */
export function readContent({ type, status, content }: WrittenMessage): Content {
  const said = content ?? '';
  if (status === MessageStatus.RECALL) return { type: 'recalled' };
  switch (type) {
    case MessageType.TEXT:
      return { type: 'text', text: said };
    case MessageType.IMAGE: {
      const { originUrl, thumbUrl, width, height } = readMembers(said);
      return without({
        type: 'image',
        url: textOf(originUrl),
        thumbnail: textOf(thumbUrl),
        width: wholeOf(width),
        height: wholeOf(height),
      });
    }
    case MessageType.FILE: {
      const { url, name, size, poster } = readMembers(said);
      return without({
        ...{ type: 'file', url: textOf(url), name: textOf(name), size: wholeOf(size) },
        poster: posterOf(poster),
      });
    }
    case MessageType.AUDIO: {
      const { url, duration, waveform } = readMembers(said);
      return without({
        ...{ type: 'audio', url: textOf(url), durationS: numberOf(duration) },
        waveform: waveformOf(waveform),
      });
    }
    case MessageType.TIP_TEXT:
      return { type: 'notice', text: said };
    case MessageType.ACT_RT_VOICE:
      return { type: 'call', mode: 'voice', text: said };
    case MessageType.ACT_RT_VIDEO:
      return { type: 'call', mode: 'video', text: said };
    default:
      return { type: 'other', kind: type, text: said };
  }
}

function readMembers(content: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function posterOf(value: unknown): { url: string; width: number; height: number } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { url, width, height } = value as Partial<Record<string, unknown>>;
  const [at, wide, high] = [textOf(url), wholeOf(width), wholeOf(height)];
  if (at === undefined || wide === undefined || high === undefined) return undefined;
  return { url: at, width: wide, height: high };
}

function waveformOf(value: unknown): number[] | undefined {
  if (!Array.isArray(value) || value.length > mostBars) return undefined;
  return value.every((bar) => Number.isInteger(bar) && bar >= 0 && bar <= 100) ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function wholeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function without<T extends object>(value: { [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
