/** Addresses of what is on this device still, by the message that it is in; the picture stays the same when it is sent. */
const urls = new Map<string, string>();
const most = 100;

export function localUrl(key: string, file?: Blob): string | undefined {
  let url = urls.get(key);
  if (url === undefined && file) {
    urls.set(key, (url = URL.createObjectURL(file)));
    const [oldest] = urls;
    if (urls.size > most && oldest) {
      URL.revokeObjectURL(oldest[1]);
      urls.delete(oldest[0]);
    }
  }
  return url;
}

/** How large a picture is, measured before it is sent, so that its row does not grow. */
const sizes = new WeakMap<Blob, { readonly width: number; readonly height: number }>();

export async function measure(file: Blob): Promise<void> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return;
  sizes.set(file, { width: bitmap.width, height: bitmap.height });
  bitmap.close();
}

const sizesByKey = new Map<string, { readonly width: number; readonly height: number }>();

/** The size of a row does not change when the platform has measured the picture as well. */
export function measured(
  key: string,
  file?: Blob,
): { readonly width: number; readonly height: number } | undefined {
  const size = file && sizes.get(file);
  if (size) sizesByKey.set(key, size);
  return size ?? sizesByKey.get(key);
}
