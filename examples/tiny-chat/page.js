/* global document, location, setTimeout */
import { join } from './client.ts';

const room = location.hash.slice(1) || 'lobby';
const [log, text, state] = ['log', 'text', 'state'].map((id) => document.getElementById(id));
const typists = new Map();
let chatter;
let typedAt = 0;

document.forms[0].addEventListener('submit', (event) => {
  event.preventDefault();
  const typed = text.value;
  text.value = '';
  if (chatter) chatter.say(room, typed).catch((error) => line(String(error), 'news'));
  else enter(typed);
});
text.addEventListener('input', () => {
  if (!chatter || Date.now() < typedAt + 2_000) return;
  typedAt = Date.now();
  chatter.typing(room).catch(() => undefined);
});

async function enter(name) {
  chatter = await join(location.origin, name, {
    said: ({ from, text: said }) => {
      typists.get(from.name)?.remove();
      line(`${from.name}: ${said}`);
    },
    news: (what, { name }) => (what === 'typing' ? showTyping(name) : line(`${name} ${what}`, 'news')),
    state: (kind) => (state.textContent = `${room}: ${kind}`),
  });
  const { people } = await chatter.enter(room);
  line(`Here: ${people.map(({ name }) => name).join(', ')}`, 'news');
  text.placeholder = 'Say something';
}

function line(said, kind = '') {
  const item = document.createElement('li');
  item.className = kind;
  item.textContent = said; // never as HTML
  log.append(item);
  item.scrollIntoView();
  return item;
}

function showTyping(name) {
  typists.get(name)?.remove();
  const item = line(`${name} is typing`, 'news');
  typists.set(name, item);
  setTimeout(() => item.remove(), 3_000);
}
