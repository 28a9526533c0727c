/** The told as a service takes it, which counts the bytes of JSON. What is filled into texts of campaigns makes them as long as it is. */
export function fitted<Told extends { readonly title: string; readonly body: string }>(
  told: Told,
  mostBytes: number,
): Told {
  if (bytesOf(told) <= mostBytes) return told;
  const title = cut(told.title, mostBytes / 4);
  const others = bytesOf({ ...told, title, body: '' });
  return { ...told, title, body: cut(told.body, mostBytes - others) };
}

/** Not through the middle of a character. */
function cut(text: string, mostBytes: number): string {
  if (bytesOf(text) - 2 <= mostBytes) return text;
  let [kept, left] = ['', mostBytes - Buffer.byteLength('…')];
  for (const sign of text) {
    left -= bytesOf(sign) - 2;
    if (left < 0) break;
    kept += sign;
  }
  return `${kept}…`;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
