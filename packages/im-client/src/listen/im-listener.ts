import type { ListenerContext } from './listener-queue.ts';
import { checkListenerType, type IMListenerType } from './listener-type.ts';
import type { ResultOfType } from './handler-types.ts';

const typeOfClass = new WeakMap<object, IMListenerType>();

/** What {@link IMListener} may stand above. A method's parameter may be narrower: `PrivateResult<ChatMessage>[]`. */
type ListenerClass<Type extends IMListenerType> = abstract new (...args: never[]) => {
  process(results: ResultOfType<Type>[], context: ListenerContext): unknown;
};

/**
 * Class decorator: results of this type go to the method `process`, once an instance is given to `im.register()`.
 * Works as a standard decorator and under `experimentalDecorators`.
 *
 * @example
 * ```ts
 * @IMListener(IMListenerType.PRIVATE_MESSAGE)
 * class MarkDelivered {
 *   async process(results: PrivateResult<ChatMessage>[]) { … }
 * }
 * ```
 */
export function IMListener<Type extends IMListenerType>(
  type: Type,
): (target: ListenerClass<Type>, context?: ClassDecoratorContext) => void {
  checkListenerType('IMListener', type);
  return (target) => {
    typeOfClass.set(target, type);
  };
}

/** The type that the instance's class, or the nearest class above it, is decorated with. */
export function typeOfListener(instance: object): IMListenerType | undefined {
  // Only prototypes are looked at: to read a member could run somebody's getter, or trap.
  for (let owner: object | null = instance; owner; owner = Object.getPrototypeOf(owner) as object | null) {
    const target: unknown = Object.getOwnPropertyDescriptor(owner, 'constructor')?.value;
    const type = typeof target === 'function' ? typeOfClass.get(target) : undefined;
    if (type !== undefined) return type;
  }
  return undefined;
}
