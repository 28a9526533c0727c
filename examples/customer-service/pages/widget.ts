// One line in the page of a shop: <script src="https://desk.example/widget.js" type="module"></script>
const origin = new URL(import.meta.url).origin;
const button = document.createElement('button');
button.textContent = 'Ask us';
button.style.cssText =
  'position:fixed;right:1rem;bottom:1rem;padding:.75rem 1.25rem;border:0;border-radius:2rem;background:#14532d;color:#fff;font:600 1rem system-ui;cursor:pointer';
button.setAttribute('aria-expanded', 'false');
let frame: HTMLIFrameElement | undefined;

/** Who this is. The shop's page keeps it: in the frame, which is of another site, browsers keep nothing. */
async function passOfVisitor(): Promise<string> {
  const kept = localStorage.getItem('desk');
  if (kept !== null) return kept;
  const answer = await fetch(`${origin}/visitors`, { method: 'POST' });
  const { pass = '' } = (await answer.json()) as { pass?: string };
  if (answer.ok) localStorage.setItem('desk', pass);
  return pass;
}

/** Nothing is loaded before somebody asks. */
async function openFrame(): Promise<void> {
  frame = document.createElement('iframe');
  frame.title = 'Ask us';
  frame.style.cssText =
    'position:fixed;right:1rem;bottom:5rem;width:min(22rem,calc(100vw - 2rem));height:min(30rem,calc(100vh - 7rem));border:1px solid #ccc;border-radius:.75rem;background:#fff';
  frame.src = `${origin}/visitor#${await passOfVisitor()}`;
  document.body.append(frame);
}

button.addEventListener('click', () => {
  if (frame) frame.hidden = !frame.hidden;
  else void openFrame();
  button.setAttribute('aria-expanded', String(!frame?.hidden));
});
document.body.append(button);
