import type { FastifyInstance } from 'fastify';
import { Refusal } from './refusal.ts';

// Contract C.1. Off unless asked for: it refuses honest text, and clients that show texts as texts do not need it.

const calls = [
  ...[
    'alert',
    'prompt',
    'eval',
    'expression',
    'window\\.open',
    'history\\.back',
    'setTimeout',
    'setInterval',
  ],
  ...['XMLHttpRequest', 'ActiveXObject', 'document\\.write', 'document\\.writeln', 'onreadystatechange'],
  ...['onerror', 'onload', 'onclick', 'onsubmit', 'onfocus', 'onblur', 'onkeyup', 'onkeydown', 'onkeypress'],
  ...['onmouseover', 'onmouseout', 'appendChild', 'createTextNode', 'createElement', 'querySelector'],
  ...['querySelectorAll', 'getElementsByTagName', 'getElementsByClassName'],
];
const words = [
  ...[
    'document\\.cookie',
    'location\\.href',
    'window\\.location',
    'innerHTML',
    'iframe',
    'document\\.location',
  ],
  ...[
    'document\\.body\\.innerHTML',
    'document\\.forms',
    'document\\.images',
    'document\\.links',
    'document\\.URL',
  ],
  ...['document\\.domain', 'document\\.referrer', 'src=', 'href=', 'style=', 'background='],
];
const script = new RegExp(`<script[^>]*>|(?:${calls.join('|')})\\s*\\(|${words.join('|')}`, 'i');

/** Whether box-im would take the text for an attempt to run a script. */
export function looksLikeScript(text: string): boolean {
  return script.test(text);
}

/** Refuses queries that look like scripts; bodies are looked at where they are read. */
export function filterQueries(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const values = Object.values(request.query as Record<string, string | string[]>).flat();
    done(values.some(looksLikeScript) ? illegalContent() : undefined);
  });
}

export function illegalContent(): Refusal {
  return new Refusal('illegalContent', { code: 10004 });
}
