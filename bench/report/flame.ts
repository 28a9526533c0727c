/** The part of a V8 CPU profile (`node --cpu-prof`) that a flame graph is made of. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly name: string;
  readonly where: string;
  us: number;
  readonly children: Map<string, Frame>;
}

const width = 1_200;
const rowHeight = 17;
/** Narrower ones show nothing. */
const narrowest = 0.7;
const letterWidth = 6.4;

/** Callers above what they call, as wide as they were busy; waiting and starting are left out. */
export function toFlameGraph(title: string, profile: CpuProfile): string {
  const root = busyTree(profile);
  const boxes: string[] = [];
  let deepest = 0;
  const draw = (frame: Frame, left: number, depth: number): void => {
    const boxWidth = (frame.us / root.us) * width;
    if (boxWidth < narrowest) return;
    deepest = Math.max(deepest, depth);
    boxes.push(box(frame, { left, depth, boxWidth, share: frame.us / root.us }));
    let from = left;
    for (const child of [...frame.children.values()].sort((a, b) => b.us - a.us)) {
      draw(child, from, depth + 1);
      from += (child.us / root.us) * width;
    }
  };
  draw(root, 0, 0);
  const height = 34 + (deepest + 1) * rowHeight;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="monospace" font-size="11">\n<text x="4" y="20" font-size="13" fill="#6b7280">${escaped(title)}</text>\n` +
    `${boxes.join('\n')}\n</svg>\n`
  );
}

/** Where the time itself went, whoever called: the functions in which most of it was spent, as a Markdown table. */
export function topEntries(profile: CpuProfile, count: number): string {
  const root = busyTree(profile);
  const own = new Map<string, number>();
  const add = (frame: Frame): void => {
    const inside = [...frame.children.values()];
    const us = frame.us - inside.reduce((sum, child) => sum + child.us, 0);
    const key = frame.where === '' ? frame.name : `${frame.name} (${frame.where})`;
    own.set(key, (own.get(key) ?? 0) + us);
    inside.forEach(add);
  };
  add(root);
  const rows = [...own].sort((a, b) => b[1] - a[1]).slice(0, count);
  return rows.map(([name, us]) => `| ${((us / root.us) * 100).toFixed(1)} % | ${name} |`).join('\n');
}

function box(
  { name, where }: Frame,
  { left, depth, boxWidth, share }: { left: number; depth: number; boxWidth: number; share: number },
): string {
  const y = 30 + depth * rowHeight;
  const label = name.slice(0, Math.max(0, Math.floor((boxWidth - 4) / letterWidth)));
  return (
    `<g><title>${escaped(`${name} ${where}: ${(share * 100).toFixed(1)} %`)}</title>` +
    `<rect x="${left.toFixed(1)}" y="${y}" width="${boxWidth.toFixed(1)}" height="${rowHeight - 1}" fill="${colour(where)}"/>` +
    (label.length < 3 ? '' : `<text x="${(left + 2).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>`) +
    '</g>'
  );
}

/** Ours, our libraries', and the platform's. */
function colour(where: string): string {
  if (/^im-/.test(where)) return '#8ab4f8';
  return where.startsWith('node') || where === '' ? '#d6d9df' : '#f3c98b';
}

function busyTree({ nodes, samples, timeDeltas }: CpuProfile): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const root: Frame = { name: 'all', where: '', us: 0, children: new Map() };
  samples.forEach((id, index) => {
    const path: CpuProfile['nodes'][number]['callFrame'][] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = byId.get(at);
      if (node) path.unshift(node.callFrame);
    }
    const names = path.map(({ functionName }) => functionName);
    if (names.some((name) => name === '(idle)' || name === '(program)')) return;
    if (path.some(({ functionName, url }) => isStart(functionName, url))) return;
    const us = timeDeltas[index] ?? 0;
    let frame = root;
    frame.us += us;
    for (const callFrame of path.slice(1)) {
      frame = child(frame, callFrame.functionName || '(anonymous)', whereOf(callFrame));
      frame.us += us;
    }
  });
  return root;
}

function isStart(functionName: string, url: string): boolean {
  return /internal\/(?:modules|bootstrap|main)\//.test(url) || functionName === 'compileForInternalLoader';
}

function child(frame: Frame, name: string, where: string): Frame {
  const key = `${name} ${where}`;
  let known = frame.children.get(key);
  if (!known) frame.children.set(key, (known = { name, where, us: 0, children: new Map() }));
  return known;
}

/** A package and a file in it: no path of the machine that it was measured on. */
function whereOf({ url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  if (url === '') return '';
  const file = /(?:node_modules\/|packages\/)(.*)$/.exec(url)?.[1] ?? url.replace(/^.*\//, '');
  return `${url.startsWith('node:') ? url : file}:${lineNumber + 1}`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
