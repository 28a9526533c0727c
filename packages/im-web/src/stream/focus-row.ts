/** The row of a message, if it is drawn; otherwise the list of them. */
export function focusRow(key: string): void {
  const log = document.querySelector<HTMLElement>('[role=log]');
  const row = log?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  (row ?? log)?.focus({ preventScroll: true });
}
