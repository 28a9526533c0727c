/** Whether who runs the platform has taken a file down. Asked only where it could not be loaded, or is about to be. */
export async function isTakenDown(url: string | undefined): Promise<boolean> {
  if (url === undefined || url.startsWith('blob:')) return false;
  const answer = await fetch(url, { method: 'HEAD' }).catch(() => undefined);
  return answer?.status === 410;
}
