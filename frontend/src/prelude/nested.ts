/**
 * Frames inside the artifact.
 *
 * `frame-src` refuses everything but `srcdoc`, `about:blank` and `javascript:`. A child is an opaque origin of its own:
 * the artifact cannot reach into it, but its scripts have fresh globals, with WebRTC and a clipboard. So each `srcdoc`
 * gets the whole prelude as its first script, before the document is loaded: a mutation observer is heard before the
 * browser goes on. `javascript:` is refused, here and by trusted types.
 */

import { getter, method, wrap } from "./pristine";
import type { BlobOf } from "./scope";
import { later } from "./timers";
import { refuseDeclaredRoots } from "./writing";

type Root = Document | ShadowRoot;

const Observer = MutationObserver;
const observe = method(Observer.prototype, "observe");
const addedNodes = getter<NodeList>(MutationRecord.prototype, "addedNodes");
const target = getter<Node>(MutationRecord.prototype, "target");
const matches = method<boolean>(Element.prototype, "matches");
const find = method<NodeList>(Element.prototype, "querySelectorAll");
const nodeType = getter<number>(Node.prototype, "nodeType");
const getAttribute = method<string | null>(Element.prototype, "getAttribute");
const setAttribute = method(Element.prototype, "setAttribute");
const removeAttribute = method(Element.prototype, "removeAttribute");
const shadowRoot = getter<ShadowRoot | null>(Element.prototype, "shadowRoot");
const startsWith = method<boolean>(String.prototype, "startsWith");
const text = method<Promise<string>>(Blob.prototype, "text");
const then = method(Promise.prototype, "then");
const Address = URL;
const protocol = getter<string>(URL.prototype, "protocol");

const ELEMENT = 1;
const FRAMES = "iframe, frame";
const POLICIES = "meta[http-equiv='content-security-policy' i]";
const ATTRIBUTES = {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ["src", "srcdoc", "csp"],
};

export class NestedFrames {
  /** A policy of the page's own could refuse our script in a child and allow the child's. Then there are none. */
  private areRefused = false;
  private readonly observer = new Observer((records) => this.look(records));
  private isParsing = true;

  constructor(
    private readonly prologue: string,
    private readonly blobOf: BlobOf,
    private readonly meet: (root: Root) => void,
  ) {}

  start(): void {
    this.watch(document);
    wrap(Element.prototype, "attachShadow", (native, self, args) => {
      const root = native(self, args) as ShadowRoot;
      this.watch(root);
      return root;
    });
    refuseDeclaredRoots();
    // Later than the event, which may come before the observer hears of the last nodes.
    window.addEventListener("load", () => {
      later(0, () => {
        this.isParsing = false;
      });
    });
  }

  private watch(root: Root): void {
    observe(this.observer, root, ATTRIBUTES);
    this.meet(root);
  }

  private look(records: MutationRecord[]): void {
    for (let at = 0; at < records.length; at++) {
      const record = records[at] as MutationRecord;
      const nodes = addedNodes(record);
      for (let index = 0; nodes[index]; index++) this.visit(nodes[index] as Node);
      this.confine(target(record));
    }
  }

  private visit(node: Node): void {
    if (nodeType(node) !== ELEMENT) return;
    if (matches(node, POLICIES) || find(node, POLICIES)[0]) this.areRefused = true;
    if (this.isParsing) this.enterRoots(node as Element);
    this.confine(node);
    const frames = find(node, FRAMES);
    for (let index = 0; frames[index]; index++) this.confine(frames[index] as Node);
  }

  /** Shadow roots that the parser made. */
  private enterRoots(element: Element): void {
    const all = find(element, "*");
    for (let index = -1; index < 0 || all[index]; index++) {
      const root = shadowRoot(index < 0 ? element : (all[index] as Element));
      if (!root) continue;
      this.watch(root);
      for (let child = root.firstChild; child; child = child.nextSibling) this.visit(child);
    }
  }

  private confine(frame: Node): void {
    if (nodeType(frame) !== ELEMENT || !matches(frame, FRAMES)) return;
    const hasPolicy = getAttribute(frame, "csp") !== null;
    if (hasPolicy) removeAttribute(frame, "csp");
    const src = getAttribute(frame, "src");
    if (src && isScript(src)) removeAttribute(frame, "src");
    const content = getAttribute(frame, "srcdoc");
    if (content !== null) this.introduce(frame, content, hasPolicy);
    else if (src && startsWith(src, "blob:")) this.show(frame, src);
  }

  private introduce(frame: Node, content: string, again: boolean): void {
    if (this.areRefused) removeAttribute(frame, "srcdoc");
    else if (!startsWith(content, this.prologue)) setAttribute(frame, "srcdoc", this.prologue + content);
    else if (again) setAttribute(frame, "srcdoc", content);
  }

  /** A preview that the page made as a blob: `frame-src` refuses that, so its text is shown. */
  private show(frame: Node, url: string): void {
    const blob = this.blobOf(url);
    if (!blob) return;
    removeAttribute(frame, "src");
    then(text(blob), (content: string) => setAttribute(frame, "srcdoc", content));
  }
}

function isScript(src: string): boolean {
  try {
    return protocol(new Address(src)) === "javascript:";
  } catch {
    return false;
  }
}
