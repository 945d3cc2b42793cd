/** Requests that a page makes itself and that fail. The page sees what it would see without this. */

import type { Failures } from "./failures";
import { construct, give, wrap } from "./pristine";

export function watchNetwork(failures: Failures): void {
  wrap(window, "fetch", async (native, self, args) => {
    const address = addressOf(args[0]);
    failures.expect(address);
    try {
      const response = (await native(self, args)) as Response;
      if (response.status >= 400) failures.report(address, response.status, "fetch");
      return response;
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError"))
        failures.report(address, null, "fetch");
      throw error;
    }
  });
  watchXhr(failures);
  watchSocket("WebSocket", failures);
  watchSocket("EventSource", failures);
}

function watchXhr(failures: Failures): void {
  const addresses = new WeakMap<object, string>();
  wrap(XMLHttpRequest.prototype, "open", (native, self, args) => {
    const address = addressOf(args[1]);
    addresses.set(self as object, address);
    failures.expect(address);
    return native(self, args);
  });
  wrap(XMLHttpRequest.prototype, "send", (native, self, args) => {
    const request = self as XMLHttpRequest;
    request.addEventListener(
      "loadend",
      () => {
        if (request.status >= 400) failures.report(addresses.get(request) ?? "", request.status, "fetch");
      },
      { once: true },
    );
    request.addEventListener("error", () => failures.report(addresses.get(request) ?? "", null, "fetch"), {
      once: true,
    });
    return native(self, args);
  });
}

function watchSocket(name: "WebSocket" | "EventSource", failures: Failures): void {
  const handler = {
    __proto__: null,
    // biome-ignore lint/complexity/noBannedTypes: a constructor of either kind
    construct(target: Function, args: unknown[], newTarget: Function) {
      failures.expect(addressOf(args[0]));
      const socket = construct(target, args, newTarget) as EventTarget;
      socket.addEventListener("error", () => failures.report(addressOf(args[0]), null, name.toLowerCase()));
      return socket;
    },
  };
  give(window, name, new Proxy(window[name], handler));
}

function addressOf(input: unknown): string {
  const text = input instanceof Request ? input.url : String(input);
  try {
    return new URL(text, document.baseURI).href;
  } catch {
    return text;
  }
}
