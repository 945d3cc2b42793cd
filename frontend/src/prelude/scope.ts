/**
 * What is taken from a global scope: the document's, and that of every worker.
 *
 * The text of `confineScope` is the prologue of each worker, so the function refers to nothing outside of itself. It
 * takes its builtins before any other code of the scope runs.
 */

/** The blobs behind the object URLs that the page made and has not revoked. */
export type BlobOf = (url: string) => Blob | undefined;

export function confineScope(base: string): BlobOf {
  // biome-ignore lint/suspicious/noExplicitAny: a window or a worker's scope
  const scope = globalThis as any;
  const { apply, construct, ownKeys, deleteProperty, defineProperty } = Reflect;
  const { Blob, URL, Worker, Proxy: Wrapper, String: toText } = scope;
  const { stringify } = scope.JSON;
  const createObjectURL = URL.createObjectURL;
  const revokeObjectURL = URL.revokeObjectURL;
  const blobs = new Map<string, Blob>();
  const prologue = `(${confineScope})`;

  // WebRTC is not governed by any Content-Security-Policy. A shared worker is refused to opaque origins anyway.
  const gone = /^(webkit)?RTC|^WebTransport|FencedFrame|^SharedWorker$/;
  for (const name of ownKeys(scope)) {
    if (typeof name === "string" && gone.test(name)) deleteProperty(scope, name);
  }

  // Trusted types are asked for by the document, for what they alone stop: `javascript:` addresses, which bring fresh
  // globals. Everything else passes.
  const pass = (text: string) => text;
  const createScript = (text: string, _type: string, sink: string) =>
    sink === "Location href" ? null : text;
  scope.trustedTypes?.createPolicy("default", { createHTML: pass, createScript, createScriptURL: pass });

  const put = (owner: object, name: string, traps: object) => {
    // biome-ignore lint/suspicious/noExplicitAny: any builtin
    const native = (owner as any)[name];
    if (!native) return;
    const value = new Wrapper(native, { __proto__: null, ...traps });
    defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: true });
  };

  put(URL, "createObjectURL", {
    apply(target: () => string, self: unknown, args: unknown[]) {
      const url = apply(target, self, args);
      if (args[0] instanceof Blob) blobs.set(url, args[0] as Blob);
      return url;
    },
  });
  put(URL, "revokeObjectURL", {
    apply(target: () => void, self: unknown, args: unknown[]) {
      blobs.delete(toText(args[0]));
      return apply(target, self, args);
    },
  });

  const resolve = (url: unknown): string => {
    const text = toText(url);
    try {
      return new URL(text, base || scope.location.href).href;
    } catch {
      return text;
    }
  };

  /** Text as an object URL. The list is not an array, whose iterator the page may have replaced. */
  const address = (text: string): string => {
    let isDone = false;
    const next = () => {
      const step = { value: text, done: isDone };
      isDone = true;
      return step;
    };
    const parts = { [Symbol.iterator]: () => ({ next }) };
    return apply(createObjectURL, URL, [new Blob(parts, { type: "text/javascript" })]);
  };

  /** A module in a classic worker: modules cannot be loaded from the blobs of an opaque origin. */
  const moduleLoader = (url: string) => `{
    const early = [];
    const keep = (event) => { event.stopImmediatePropagation(); early.push(event); };
    addEventListener("message", keep);
    const find = async (url) => url.startsWith("blob:")
      ? "data:text/javascript;charset=utf-8," + encodeURIComponent(await (await fetch(url)).text())
      : url;
    find(${url}).then((url) => import(url)).catch((error) => reportError(error)).finally(() => {
      removeEventListener("message", keep);
      for (const { data, ports } of early) dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
    });
  }`;

  const guarded = (url: string, isModule: boolean): string => {
    // Pages revoke the URL at once; a copy lives until the worker has loaded it.
    const blob = blobs.get(url);
    const own: string = blob ? apply(createObjectURL, URL, [blob]) : url;
    const quoted = stringify(own);
    const load = isModule ? moduleLoader(quoted) : `importScripts(${quoted});`;
    const from = own.startsWith("http") ? own : base;
    return address(`${prologue}(${stringify(from)});${load}`);
  };

  put(scope, "Worker", {
    construct(target: typeof Worker, args: unknown[], newTarget: typeof Worker) {
      const options = args[1] as WorkerOptions | undefined;
      const url = guarded(resolve(args[0]), options?.type === "module");
      const name = options?.name;
      const worker = construct(target, [url, { name: name === undefined ? "" : toText(name) }], newTarget);
      scope.setTimeout(() => apply(revokeObjectURL, URL, [url]), 10_000);
      return worker;
    },
  });
  if (Worker) {
    defineProperty(Worker.prototype, "constructor", {
      value: scope.Worker,
      writable: true,
      configurable: true,
    });
  }

  // A worker from a file runs from a blob: what it names relative to itself is found by the file's address.
  if (base && !scope.document) {
    put(scope, "importScripts", {
      apply: (target: () => void, self: unknown, args: unknown[]) => apply(target, self, args.map(resolve)),
    });
    put(scope, "fetch", {
      apply(target: () => Promise<Response>, self: unknown, [input, ...rest]: unknown[]) {
        return apply(target, self, [typeof input === "string" ? resolve(input) : input, ...rest]);
      },
    });
  }
  return (url) => blobs.get(url);
}
