/** Where links lead: in the page, to another page of the artifact, out of the frame, or to a file. */

import { LIMITS } from "../bridge/messages";
import type { Downloads } from "./downloads";
import type { Line } from "./line";
import { give, wrap } from "./pristine";
import type { Place } from "./sources";
import { classify, type Target } from "./targets";
import { later } from "./timers";

type Anchor = HTMLAnchorElement | SVGAElement | HTMLAreaElement;

export class Links {
  /** Called before the frame goes to another page of the artifact. */
  onleave: () => void = () => {};
  private readonly expected = new WeakSet<Event>();
  private readonly seen = new WeakSet<Event>();

  constructor(
    private readonly line: Line,
    private readonly downloads: Downloads,
    private readonly place: Place,
  ) {}

  start(): void {
    give(window, "open", (url?: unknown) => {
      if (url !== undefined && url !== "") this.follow(new URL(String(url), document.baseURI).href, null);
      return null;
    });
    // An anchor that is in no document: its click is seen by nobody else.
    const detached = (
      native: (self: unknown, args: unknown[]) => unknown,
      self: unknown,
      args: unknown[],
    ) => {
      const isLoose = self instanceof HTMLAnchorElement && !self.isConnected;
      if (isLoose) self.addEventListener("click", this.onClick, { once: true });
      return native(self, args);
    };
    wrap(HTMLElement.prototype, "click", detached);
    wrap(EventTarget.prototype, "dispatchEvent", (native, self, args) =>
      args[0] instanceof Event && args[0].type === "click"
        ? detached(native, self, args)
        : native(self, args),
    );
  }

  /** The document and each shadow root: a closed one hides its anchors from the window. */
  readonly listen = (root: EventTarget): void => {
    root.addEventListener("click", this.beforeClick, true);
    root.addEventListener("click", this.onClick);
    root.addEventListener("auxclick", this.onClick);
    root.addEventListener("submit", this.onSubmit);
  };

  /**
   * A handler of the page may stop the event before it comes up to us. The browser would then put the other site into
   * the frame; a new tab it refuses, so that is where the link leads meanwhile.
   */
  private readonly beforeClick = (event: Event): void => {
    const anchor = anchorOf(event);
    if (!anchor || this.expected.has(event) || this.kindOf(anchor) !== "out") return;
    this.expected.add(event);
    const target = anchor.getAttribute("target");
    anchor.setAttribute("target", "_blank");
    later(0, () => {
      if (target === null) anchor.removeAttribute("target");
      else anchor.setAttribute("target", target);
      if (!event.defaultPrevented) this.follow(addressOf(anchor), anchor);
    });
  };

  private readonly onClick = (event: Event): void => {
    const anchor = anchorOf(event);
    if (!anchor || event.defaultPrevented || this.seen.has(event)) return;
    this.seen.add(event);
    if (event instanceof MouseEvent && event.type === "auxclick" && event.button !== 1) return;
    if (this.kindOf(anchor) === "page" && !this.line.isOpen) return;
    event.preventDefault();
    this.follow(addressOf(anchor), anchor);
  };

  /** A form that searches somewhere else: its answer is a link. */
  private readonly onSubmit = (event: Event): void => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    const action = new URL(form.getAttribute("action") ?? "", document.baseURI);
    if (form.method !== "get" || classify(action.href, false, this.here()) !== "out") return;
    event.preventDefault();
    action.search = new URLSearchParams(
      [...new FormData(form)].map(([name, value]) => [name, String(value)]),
    ).toString();
    this.follow(action.href, null);
  };

  private follow(url: string, anchor: Anchor | null): void {
    const name = anchor?.getAttribute("download");
    switch (classify(url, name !== null && name !== undefined, this.here())) {
      case "here":
        location.replace(url);
        break;
      case "page":
        this.onleave();
        this.line.send({ type: "navigate", url: url.slice(0, LIMITS.url) });
        break;
      case "out":
        if (url.length <= LIMITS.url) this.line.say({ type: "link", url });
        break;
      case "file":
        this.downloads.offer(url, name ?? "");
        break;
      case "script":
        runScript(url);
    }
  }

  private kindOf(anchor: Anchor): Target {
    return classify(addressOf(anchor), anchor.hasAttribute("download"), this.here());
  }

  private here(): Pick<Place, "page" | "base"> {
    return { page: location.href, base: this.place.base };
  }
}

/** Trusted types refuse `javascript:` to the browser; as code of the page it is as good as any other. */
function runScript(url: string): void {
  const code = decodeURIComponent(url.slice("javascript:".length));
  later(0, () => {
    // biome-ignore lint/security/noGlobalEval: it is the page's own code, in the page's own scope
    const run = eval;
    run(code);
  });
}

function anchorOf(event: Event): Anchor | null {
  for (const item of event.composedPath()) {
    if (!(item instanceof Element)) continue;
    if ((item.localName === "a" || item.localName === "area") && addressOf(item as Anchor))
      return item as Anchor;
  }
  return null;
}

function addressOf(anchor: Anchor): string {
  const { href } = anchor;
  if (typeof href === "string") return href;
  return href.baseVal ? new URL(href.baseVal, document.baseURI).href : "";
}
