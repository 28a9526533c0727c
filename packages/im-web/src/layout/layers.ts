import { onBeforeUnmount } from 'vue';
import type { Router } from 'vue-router';

// What lies over the page (a dialog, a menu, a picture) is an entry of the history, so that Back closes it instead of leaving.

interface Layer {
  close(): void;
}

const open: Layer[] = [];
/** Entries that the page itself takes back, and who waits for it. */
const takenBack: (() => void)[] = [];
let returning: Promise<void> = Promise.resolve();

/** Opens a layer; what is returned closes it and resolves when the history is as it was before. */
export function openLayer(close: () => void): () => Promise<void> {
  const layer = { close };
  open.push(layer);
  // While an entry is being taken back, the new one would go with it.
  void returning.then(() => {
    if (open.includes(layer)) history.pushState({ ...(history.state as object), layer: open.length }, '');
  });
  return () => {
    const at = open.indexOf(layer);
    if (at >= 0) takeBack(open.splice(at));
    return returning;
  };
}

function takeBack(layers: readonly Layer[]): void {
  for (const layer of layers.toReversed()) {
    returning = returning.then(
      () =>
        new Promise((resolve) => {
          takenBack.push(resolve);
          history.back();
        }),
    );
    layer.close();
  }
}

/** A layer for as long as the component is there; who is gone is not told. */
export function useLayer(close: () => void): () => Promise<void> {
  let isThere = true;
  const shut = openLayer(() => {
    if (isThere) close();
  });
  onBeforeUnmount(() => {
    isThere = false;
    void shut();
  });
  return shut;
}

/** Layers do not outlive the page that they lie on. */
export function closeLayersBefore(router: Router): void {
  router.beforeEach(async () => {
    takeBack(open.splice(0));
    await returning;
  });
}

window.addEventListener(
  'popstate',
  (event) => {
    const waiting = takenBack.shift();
    if (!waiting && open.length === 0) return;
    // The address is the same: nothing for the router.
    event.stopImmediatePropagation();
    if (waiting) waiting();
    else open.pop()?.close();
  },
  { capture: true },
);
