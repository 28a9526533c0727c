import { createRouter, createWebHashHistory } from 'vue-router';
import { isSignedIn } from './chat/chat.ts';
import { closeLayersBefore } from './layout/layers.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** For whoever is not signed in. */
    readonly isOutside?: true;
    readonly area?: 'chats' | 'contacts' | 'drive' | 'settings';
    /** How deep a phone is in: 0 a list, 1 what was chosen of it, 2 a panel of that. */
    readonly depth?: 0 | 1 | 2;
  }
}

/** Its routes are in routes.ts. */
export const router = createRouter({ history: createWebHashHistory(), routes: [] });

closeLayersBefore(router);
/** Where somebody wanted to go before they had to sign in. */
let wanted = '/chats';
router.beforeEach((to) => {
  if (to.meta.isOutside) return true;
  if (isSignedIn.value) return true;
  wanted = to.fullPath;
  return '/login';
});

export async function enter(): Promise<void> {
  await router.replace(wanted);
  wanted = '/chats';
}

/** Back to where one came from; who came from nowhere goes one level up. */
export function goBack(up: string): void {
  const { back } = history.state as { back?: string | null };
  if (typeof back === 'string') router.back();
  else void router.replace(up);
}
