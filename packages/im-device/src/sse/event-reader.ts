/** Reads server-sent events out of pieces of their text, as im-server writes them. */
export function eventReader(onEvent: (name: string, data: string) => void): (piece: Uint8Array) => void {
  const decoder = new TextDecoder();
  let text = '';
  return (piece) => {
    // An end may lie between two pieces. What was looked through before is not looked through again.
    const from = Math.max(0, text.length - 1);
    text += decoder.decode(piece, { stream: true });
    if (text.indexOf('\n\n', from) < 0) return;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) readEvent(block, onEvent);
  };
}

function readEvent(block: string, onEvent: (name: string, data: string) => void): void {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('data: ')) data.push(line.slice(6));
    else if (line.startsWith('event: ')) name = line.slice(7);
  }
  if (data.length > 0) onEvent(name, data.join('\n'));
}
