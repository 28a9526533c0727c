/**
 * Makes of each thing what is made of it once: for schemas, which all platforms of a process share then, with what zod has compiled of them when
 * they were first used.
 */
export function onceFor<Key extends object, Made extends object>(
  make: (key: Key) => Made,
): (key: Key) => Made {
  const known = new WeakMap<Key, Made>();
  return (key) => {
    const made = known.get(key) ?? make(key);
    known.set(key, made);
    return made;
  };
}
