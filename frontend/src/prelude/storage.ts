/** `localStorage` and `sessionStorage`, which an opaque origin has not, as real Storage objects. */

import { type Introduction, LIMITS } from "../bridge/messages";
import { Area, type Changes, Room } from "./area";
import type { Line } from "./line";
import { answer, getOwnPropertyDescriptor } from "./pristine";
import { gathered } from "./timers";

const DELAY = 200; // ms
const areas = new WeakMap<object, Area>();

/** The function sends what is not sent yet. */
export function provideStorage(introduction: Introduction | null, line: Line): () => void {
  const room = new Room(LIMITS.storage);
  const flush = () => {
    send("local", local.takeChanges());
    send("session", session.takeChanges());
  };
  const send = (area: "local" | "session", changes: Changes | null) => {
    if (changes) line.send({ type: "storage", area, ...changes });
  };
  const due = gathered(DELAY, flush);
  const local = new Area(introduction?.local ?? {}, room, due);
  const session = new Area(introduction?.session ?? {}, room, due);
  patchPrototype();
  expose("localStorage", local);
  expose("sessionStorage", session);
  return flush;
}

function expose(name: "localStorage" | "sessionStorage", area: Area): void {
  const storage = storageOf(area);
  answer(window, name, () => storage);
}

function storageOf(area: Area): Storage {
  const target = Object.create(Storage.prototype) as Storage;
  const isNamed = (key: PropertyKey): key is string =>
    typeof key === "string" && !(key in Storage.prototype) && area.get(key) !== null;
  const storage = new Proxy(target, {
    get: (_target, key, receiver) => (isNamed(key) ? area.get(key) : Reflect.get(target, key, receiver)),
    has: (_target, key) => isNamed(key) || Reflect.has(target, key),
    set(_target, key, value) {
      if (typeof key === "symbol") return Reflect.set(target, key, value);
      put(area, key, value);
      return true;
    },
    defineProperty(_target, key, descriptor) {
      if (typeof key === "symbol") return Reflect.defineProperty(target, key, descriptor);
      put(area, key, descriptor.value);
      return true;
    },
    deleteProperty(_target, key) {
      if (typeof key === "symbol") return Reflect.deleteProperty(target, key);
      area.remove(key);
      return true;
    },
    ownKeys: () => [...area.keys().filter(isNamed), ...Reflect.ownKeys(target)],
    getOwnPropertyDescriptor(_target, key) {
      if (!isNamed(key)) return Reflect.getOwnPropertyDescriptor(target, key);
      return { value: area.get(key), writable: true, enumerable: true, configurable: true };
    },
  });
  areas.set(storage, area);
  return storage;
}

function put(area: Area, key: string, value: unknown): void {
  if (!area.set(key, String(value))) throw quotaExceeded(key);
}

function quotaExceeded(key: string): DOMException {
  const message = `Failed to execute 'setItem' on 'Storage': Setting the value of '${key}' exceeded the quota.`;
  return new DOMException(message, "QuotaExceededError");
}

/** Libraries call and patch the methods on the prototype. */
function patchPrototype(): void {
  const methods = {
    getItem: (area: Area, key: unknown) => area.get(String(key)),
    setItem: (area: Area, key: unknown, value: unknown) => put(area, String(key), value),
    removeItem: (area: Area, key: unknown) => area.remove(String(key)),
    clear: (area: Area) => area.clear(),
    key: (area: Area, index: unknown) => area.keys()[Number(index) || 0] ?? null,
  };
  for (const [name, action] of Object.entries<(area: Area, ...args: unknown[]) => unknown>(methods)) {
    const needed = name === "setItem" ? 2 : name === "clear" ? 0 : 1;
    const value = function (this: Storage, ...args: unknown[]) {
      if (args.length < needed)
        throw new TypeError(`Failed to execute '${name}' on 'Storage': not enough arguments.`);
      return action(areaOf(this), ...args);
    };
    Object.defineProperty(Storage.prototype, name, {
      ...getOwnPropertyDescriptor(Storage.prototype, name),
      value,
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
  answer(Storage.prototype, "length", function (this: Storage) {
    return areaOf(this).size;
  });
}

function areaOf(storage: Storage): Area {
  const area = areas.get(storage);
  if (!area) throw new TypeError("Illegal invocation");
  return area;
}
