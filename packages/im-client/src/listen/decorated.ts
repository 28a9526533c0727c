import { ImError } from 'im-common';
import { invalidArgument, show } from 'im-common/internal/checks';
import { typeOfListener } from './im-listener.ts';
import type { AnyHandler } from './listener-queue.ts';
import { listenKindOf, type ListenKind } from './listener-type.ts';
import { decoratedMethods } from './on-result.ts';

export interface DecoratedListener {
  readonly name: string;
  readonly kind: ListenKind;
  readonly handler: AnyHandler;
}

/**
 * Whether something has a class or methods that are decorated, and so is for `im.register()`: for containers that look through all they
 * have. It reads no member of what it is given.
 */
export function hasListeners(instance: unknown): instance is object {
  if (typeof instance !== 'object' || instance === null) return false;
  return typeOfListener(instance) !== undefined || decoratedMethods(instance).length > 0;
}

/** All that an instance's decorators ask for, or an INVALID_ARGUMENT when that is nothing. */
export function decoratedListeners(instance: object): DecoratedListener[] {
  // Callers may be JavaScript.
  const given = instance as { readonly constructor?: { readonly name?: unknown } | null } | null | undefined;
  if (typeof given !== 'object' || given === null || typeof given.constructor?.name !== 'string') {
    throw invalidArgument(`The instance is ${show(given)}; expected an object of a class with decorators.`);
  }
  const className = given.constructor.name;
  const listeners = decoratedMethods(instance).map(({ name, type, read }) => {
    return bind(instance, `${className}.${name}`, listenKindOf(type), read(instance));
  });
  const type = typeOfListener(instance);
  if (type !== undefined) {
    const process: unknown = Reflect.get(instance, 'process');
    listeners.push(bind(instance, className, listenKindOf(type), process));
  }
  if (listeners.length > 0) return listeners;
  throw new ImError(
    'INVALID_ARGUMENT',
    `${className} listens to nothing. Decorate the class with @IMListener or a method with @OnResult.`,
  );
}

function bind(instance: object, name: string, kind: ListenKind, method: unknown): DecoratedListener {
  if (typeof method !== 'function') {
    throw new ImError('INVALID_ARGUMENT', `The listener ${name} is decorated, but has no method to call.`);
  }
  const handler: AnyHandler = (results, context) =>
    Reflect.apply(method, instance, [results, context]) as unknown;
  return { name, kind, handler };
}
