/**
 * `indexedDB` before its implementation is there.
 *
 * The browser's own refuses an opaque origin. The first call loads ours from the shelf; requests wait for it and then
 * pass on what the real request does.
 */

import { LIMITS } from "../../bridge/messages";
import type { Line } from "../line";
import { answer, give } from "../pristine";
import { gathered } from "../timers";
import type { Databases } from "./databases";

type Module = { openDatabases(text: string, onChange: () => void): Promise<Databases> };
type Load = () => Promise<Databases>;

const DELAY = 500; // ms
const EVENTS = ["success", "error", "upgradeneeded", "blocked"] as const;

export function provideDatabases(text: string, shelf: string, line: Line): void {
  let loading: Promise<Databases> | undefined;
  let loaded: Databases | undefined;

  const save = gathered(DELAY, async () => {
    const dump = (await loaded?.dump()) ?? "";
    if (dump.length <= LIMITS.databases) line.send({ type: "databases", dump });
    else console.warn("The databases of this page are too large to be kept for the next visit.");
  });
  const load: Load = () => {
    loading ??= (import(`${shelf}/playground/databases.js`) as Promise<Module>)
      .then((module) => module.openDatabases(text, save))
      .then((databases) => {
        loaded = databases;
        adopt(databases);
        return databases;
      });
    return loading;
  };

  const factory = makeFactory(load, () => loaded, save);
  answer(window, "indexedDB", () => factory);
  give(
    window,
    "IDBKeyRange",
    makeRanges(() => loaded),
  );
}

/** From now on the window's classes are those of the implementation, so that `instanceof` holds. */
function adopt({ classes }: Databases): void {
  const early = window.IDBKeyRange;
  const late = classes.IDBKeyRange as typeof IDBKeyRange;
  Object.setPrototypeOf(early.prototype, late.prototype);
  for (const [name, value] of Object.entries(classes)) give(window, name, value);
}

function makeFactory(load: Load, loaded: () => Databases | undefined, save: () => void): IDBFactory {
  const request = (send: (factory: IDBFactory) => IDBOpenDBRequest, isChange: boolean): IDBOpenDBRequest => {
    const real = loaded();
    const open = (databases: Databases) => {
      const request = send(databases.factory);
      if (isChange) request.addEventListener("success", save);
      request.addEventListener("upgradeneeded", () => request.addEventListener("success", save));
      return request;
    };
    return real ? open(real) : (new PendingRequest(load().then(open)) as unknown as IDBOpenDBRequest);
  };
  return {
    open: (name: string, version?: number) => {
      checkVersion(version);
      return request(
        (factory) => (version === undefined ? factory.open(name) : factory.open(name, version)),
        false,
      );
    },
    deleteDatabase: (name: string) => request((factory) => factory.deleteDatabase(name), true),
    databases: async () => (await load()).factory.databases(),
    cmp: (first: unknown, second: unknown) => {
      const real = loaded();
      if (!real) throw new DOMException("The databases are not loaded yet.", "InvalidStateError");
      return real.factory.cmp(first, second);
    },
    get [Symbol.toStringTag]() {
      return "IDBFactory";
    },
  } as IDBFactory;
}

function checkVersion(version: number | undefined): void {
  if (version !== undefined && !(Number(version) >= 1)) {
    throw new TypeError("Failed to execute 'open' on 'IDBFactory': The version must be 1 or larger.");
  }
}

/** Stands for a request that cannot be made yet. Its events are those of the real one. */
class PendingRequest extends EventTarget {
  private real: IDBOpenDBRequest | undefined;
  private failure: DOMException | null = null;
  onsuccess: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onupgradeneeded: ((event: Event) => void) | null = null;
  onblocked: ((event: Event) => void) | null = null;
  private readonly listeners: {
    type: string;
    listener: EventListenerOrEventListenerObject;
    options: unknown;
  }[] = [];

  constructor(real: Promise<IDBOpenDBRequest>) {
    super();
    real.then(
      (request) => this.follow(request),
      (error) => this.fail(error),
    );
  }

  get readyState(): IDBRequestReadyState {
    return this.failure ? "done" : (this.real?.readyState ?? "pending");
  }

  get result(): IDBDatabase {
    if (!this.real) throw new DOMException("The request has not finished.", "InvalidStateError");
    return this.real.result;
  }

  get error(): DOMException | null {
    return this.failure ?? this.real?.error ?? null;
  }

  get transaction(): IDBTransaction | null {
    return this.real?.transaction ?? null;
  }

  readonly source = null;

  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: unknown,
  ): void {
    if (!listener) return;
    if (this.real) this.listen(this.real, type, listener, options);
    else this.listeners.push({ type, listener, options });
  }

  override removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null): void {
    const at = this.listeners.findIndex((item) => item.type === type && item.listener === listener);
    if (at >= 0) this.listeners.splice(at, 1);
    else if (listener) this.real?.removeEventListener(type, listener);
  }

  private follow(request: IDBOpenDBRequest): void {
    this.real = request;
    for (const type of EVENTS)
      request.addEventListener(type, (event) => this[`on${type}`]?.call(this, event));
    for (const { type, listener, options } of this.listeners.splice(0))
      this.listen(request, type, listener, options);
  }

  private listen(
    request: IDBOpenDBRequest,
    type: string,
    listener: EventListenerOrEventListenerObject,
    options: unknown,
  ) {
    request.addEventListener(type, listener, options as AddEventListenerOptions);
  }

  private fail(error: unknown): void {
    this.failure = new DOMException(`The databases could not be loaded: ${error}`, "UnknownError");
    const event = new Event("error", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "target", { value: this });
    this.onerror?.(event);
    for (const { type, listener } of this.listeners) {
      if (type !== "error") continue;
      if (typeof listener === "function") listener.call(this, event);
      else listener.handleEvent(event);
    }
  }
}
Object.setPrototypeOf(
  PendingRequest.prototype,
  typeof IDBOpenDBRequest === "undefined" ? EventTarget.prototype : IDBOpenDBRequest.prototype,
);

/** Ranges may be made before there is a database. `adopt` gives them the methods that they lack. */
function makeRanges(loaded: () => Databases | undefined): unknown {
  class IDBKeyRange {
    declare lower: unknown;
    declare upper: unknown;
    declare lowerOpen: boolean;
    declare upperOpen: boolean;

    static only(value: unknown) {
      return make("only", [value], { lower: value, upper: value, lowerOpen: false, upperOpen: false });
    }

    static lowerBound(lower: unknown, open = false) {
      return make("lowerBound", [lower, open], { lower, upper: undefined, lowerOpen: open, upperOpen: true });
    }

    static upperBound(upper: unknown, open = false) {
      return make("upperBound", [upper, open], { lower: undefined, upper, lowerOpen: true, upperOpen: open });
    }

    static bound(lower: unknown, upper: unknown, lowerOpen = false, upperOpen = false) {
      return make("bound", [lower, upper, lowerOpen, upperOpen], { lower, upper, lowerOpen, upperOpen });
    }
  }
  const make = (name: string, args: unknown[], fields: object): unknown => {
    const late = loaded()?.classes.IDBKeyRange as Record<string, (...args: unknown[]) => unknown> | undefined;
    return late ? late[name]?.(...args) : Object.assign(Object.create(IDBKeyRange.prototype), fields);
  };
  return IDBKeyRange;
}
