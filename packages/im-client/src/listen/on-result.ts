import type { ListenerContext } from './listener-queue.ts';
import { checkListenerType, type IMListenerType } from './listener-type.ts';
import type { ResultOfType } from './handler-types.ts';

/** A method that is decorated, and how to read it from an instance. */
export interface DecoratedMethod {
  readonly name: string;
  readonly type: IMListenerType;
  readonly read: (instance: object) => unknown;
}

/** By instance for standard decorators, which learn of each instance; by prototype for legacy ones, which see only that. */
const methodsOf = new WeakMap<object, DecoratedMethod[]>();

/** Written as a method, so that a parameter may be narrower: `GroupResult<GroupMessage>[]`. */
type ResultMethod<Type extends IMListenerType> = {
  method(results: ResultOfType<Type>[], context: ListenerContext): unknown;
}['method'];

/** Takes the two ways in which compilers call a method decorator. */
export interface OnResultDecorator<Type extends IMListenerType> {
  <This, Method extends ResultMethod<Type>>(
    method: Method,
    context: ClassMethodDecoratorContext<This, Method>,
  ): void;
  <Method extends ResultMethod<Type>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void;
}

/**
 * Method decorator: results of this type go to the method, once the instance is given to `im.register()`. A class may
 * have many. Works as a standard decorator and under `experimentalDecorators`.
 *
 * @example
 * ```ts
 * class Delivery {
 *   @OnResult(IMListenerType.GROUP_MESSAGE)
 *   async onGroup(results: GroupResult<GroupMessage>[]) { … }
 * }
 * ```
 */
export function OnResult<Type extends IMListenerType>(type: Type): OnResultDecorator<Type> {
  checkListenerType('OnResult', type);
  return (target: unknown, keyOrContext: string | symbol | ClassMethodDecoratorContext) => {
    if (typeof keyOrContext === 'object') decorateStandard(type, keyOrContext);
    else decorateLegacy(type, target as object, keyOrContext);
  };
}

function decorateStandard(type: IMListenerType, context: ClassMethodDecoratorContext): void {
  const { name, access } = context;
  context.addInitializer(function (this: unknown) {
    addMethod(this as object, { name: String(name), type, read: (instance) => access.get(instance) });
  });
}

function decorateLegacy(type: IMListenerType, prototype: object, key: string | symbol): void {
  addMethod(prototype, {
    name: String(key),
    type,
    read: (instance) => Reflect.get(instance, key) as unknown,
  });
}

function addMethod(owner: object, method: DecoratedMethod): void {
  const methods = methodsOf.get(owner);
  if (methods) methods.push(method);
  else methodsOf.set(owner, [method]);
}

/** Decorated methods of an instance, those of its superclasses included, each name and type once. */
export function decoratedMethods(instance: object): DecoratedMethod[] {
  const found = new Map<string, DecoratedMethod>();
  for (let owner: object | null = instance; owner; owner = Object.getPrototypeOf(owner) as object | null) {
    for (const method of methodsOf.get(owner) ?? []) {
      const key = `${method.type} ${method.name}`;
      if (!found.has(key)) found.set(key, method);
    }
  }
  return [...found.values()];
}
