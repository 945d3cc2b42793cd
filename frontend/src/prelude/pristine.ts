/**
 * The builtins as they were before any artifact code ran.
 *
 * A hostile page replaces `Reflect.construct` or `Array.prototype[Symbol.iterator]` to get hold of what the prelude took
 * away. What closes a hole therefore calls only what is kept here. What merely serves the page need not.
 */

// biome-ignore lint/suspicious/noExplicitAny: builtins of every shape
export type Callable = (...args: any[]) => any;

export const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor } = Reflect;

/** The method `name` of `owner`, its object as the first argument. */
export function method<Result = unknown>(owner: object, name: string) {
  const native = (owner as Record<string, Callable>)[name] as Callable;
  return (self: unknown, ...args: unknown[]): Result => apply(native, self, args);
}

/** The accessor `name` of `owner`, its object as the argument. */
export function getter<Result>(owner: object, name: string): (self: object) => Result {
  const get = getOwnPropertyDescriptor(owner, name)?.get as () => Result;
  return (self) => apply(get, self, []);
}

export function give(owner: object, name: PropertyKey, value: unknown): void {
  defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: true });
}

export function answer(
  owner: object,
  name: PropertyKey,
  get: () => unknown,
  set?: (value: unknown) => void,
): void {
  defineProperty(owner, name, { get, ...(set && { set }), configurable: true, enumerable: true });
}

/** Put `around` in the place of a method. `native` calls the original. */
export function wrap(
  owner: object,
  name: string,
  around: (native: (self: unknown, args: unknown[]) => unknown, self: unknown, args: unknown[]) => unknown,
): void {
  const original = (owner as Record<string, unknown>)[name];
  if (typeof original !== "function") return;
  const native = (self: unknown, args: unknown[]) => apply(original, self, args);
  const handler: ProxyHandler<Callable> = {
    // Without this a page could add traps by way of Object.prototype.
    __proto__: null,
    apply: (_target: Callable, self: unknown, args: unknown[]) => around(native, self, args),
  } as ProxyHandler<Callable>;
  give(owner, name, new Proxy(original as Callable, handler));
}
