/** What has to do with media is loaded with the first call. */
export async function startCall(userId: string, mode: 'voice' | 'video'): Promise<void> {
  const { begin } = await import('./call-media.ts');
  await begin(userId, mode);
}
