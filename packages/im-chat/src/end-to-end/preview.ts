import type { LocalFile } from '../model/message.ts';

/** It goes with the message, which has to stay below 40,000 characters. */
const mostCharacters = 12_000;
const sides = [240, 160, 96, 48];
const form = /^data:image\/(?:webp|jpeg|png);base64,[A-Za-z0-9+/=]+$/;

export interface Preview {
  readonly preview: string;
  /** Of the picture itself. */
  readonly width: number;
  readonly height: number;
}

/** What browsers draw with, and Node has not. */
interface Drawing {
  readonly OffscreenCanvas?: new (width: number, height: number) => Canvas;
  readonly createImageBitmap?: (picture: Blob) => Promise<Bitmap>;
}

interface Bitmap {
  readonly width: number;
  readonly height: number;
  close(): void;
}

interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(
    kind: '2d',
  ): { drawImage(...what: readonly [Bitmap, number, number, number, number]): void } | null;
  convertToBlob(as: { readonly type: string; readonly quality: number }): Promise<Blob>;
}

const drawing = globalThis as unknown as Drawing;

/** A small picture of a picture, or of a film that has one. Undefined: it is none, or nothing here can draw. */
export async function previewOf({ as, file, poster }: LocalFile): Promise<Preview | undefined> {
  const picture = poster ?? (as === 'image' ? file : undefined);
  const { OffscreenCanvas, createImageBitmap } = drawing;
  if (!picture || !OffscreenCanvas) return undefined;
  const bitmap = await createImageBitmap?.(picture).catch(() => undefined);
  if (!bitmap) return undefined;
  try {
    const { width, height } = bitmap;
    for (const side of sides) {
      const preview = await drawn(new OffscreenCanvas(...sizeOf(bitmap, side)), bitmap);
      if (preview.length <= mostCharacters) return { preview, width, height };
    }
    return undefined;
  } finally {
    bitmap.close();
  }
}

/** What somebody else's device has said is shown as a picture, and as nothing else. */
export function isPreview(text: unknown): text is string {
  return typeof text === 'string' && text.length <= mostCharacters && form.test(text);
}

function sizeOf({ width, height }: Bitmap, side: number): [number, number] {
  const scale = Math.min(1, side / Math.max(width, height));
  const size = (length: number): number => Math.max(1, Math.round(length * scale));
  return [size(width), size(height)];
}

async function drawn(canvas: Canvas, bitmap: Bitmap): Promise<string> {
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.6 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return `data:${blob.type};base64,${btoa(String.fromCharCode(...bytes))}`;
}
