import { Logger } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { hasListeners, ImError } from 'im-client';

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** All providers and controllers that are decorated to listen, each once. */
export function findListeners(discovery: DiscoveryService): object[] {
  const found = new Set<object>();
  const moduleOf = new Map<unknown, string>();
  for (const wrapper of [...discovery.getProviders(), ...discovery.getControllers()]) {
    const instance: unknown = wrapper.instance;
    // Under `useExisting` the same one comes again.
    if (!hasListeners(instance) || found.has(instance)) continue;
    refuseUnlessSingleton(wrapper);
    found.add(instance);
    const here = wrapper.host?.name ?? 'a module';
    const there = moduleOf.get(wrapper.token);
    if (there === undefined) moduleOf.set(wrapper.token, here);
    else warnOfDouble(nameOf(wrapper), [there, here]);
  }
  return [...found];
}

/** Of others Nest has no instance before somebody asks for one. */
function refuseUnlessSingleton(wrapper: Wrapper): void {
  if (wrapper.isDependencyTreeStatic() && !wrapper.isTransient) return;
  const why = wrapper.isTransient ? 'is transient' : 'is request-scoped, or depends on something that is';
  throw new ImError(
    'INVALID_OPTION',
    `${nameOf(wrapper)} listens to results, and ${why}: there is no one instance to call. Make it a singleton, which may get what has another scope by ModuleRef.resolve().`,
  );
}

function warnOfDouble(name: string, modules: readonly string[]): void {
  new Logger('Im').warn(
    `${name} is a provider of ${modules.join(' and of ')}, so there are two of it, and each gets every result. Provide it in one module, and export it.`,
  );
}

function nameOf({ metatype, name }: Wrapper): string {
  return metatype?.name || String(name);
}
