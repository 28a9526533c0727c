/** The seconds of CPU that this process spends meanwhile: what else the machine has to do is not in them, unlike in time. */
export async function cpuMsOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
