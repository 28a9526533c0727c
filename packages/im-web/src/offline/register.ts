/** So that the page opens without a network; only built ones, and only where the browser trusts the connection. */
export function registerWorker(): void {
  if (import.meta.hot || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker
    .register('sw.js', { updateViaCache: 'none' })
    // A browser looks for a newer one when it comes to it.
    .then((registration) => registration.update())
    .catch((error: unknown) => {
      // The page goes on without it.
      console.warn(error);
    });
}
