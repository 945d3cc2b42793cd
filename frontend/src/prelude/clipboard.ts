/**
 * Copying is offered: a person clicks in the app's bar. Nothing is ever read.
 *
 * In a nested document, which has no line to the app, nothing is copied at all.
 */

import { LIMITS } from "../bridge/messages";
import type { Line } from "./line";
import { answer, method, wrap } from "./pristine";

const toLowerCase = method<string>(String.prototype, "toLowerCase");
const toText = String;

export function provideClipboard(line: Line): void {
  const offer = (text: string): boolean => {
    if (!line.isOpen || text.length > LIMITS.copy) return false;
    line.say({ type: "copy", text });
    return true;
  };
  const clipboard = makeClipboard(offer);
  answer(Navigator.prototype, "clipboard", () => clipboard);
  wrap(Document.prototype, "execCommand", (native, self, args) => {
    // Turned to text once: a page's object could say something else the second time.
    const command = toLowerCase(toText(args[0]));
    if (command === "copy" || command === "cut") return offerSelection(self as Document, command, offer);
    return native(self, [command, args[1], args[2]]);
  });
}

function makeClipboard(offer: (text: string) => boolean): EventTarget {
  const refuse = () => Promise.reject(new DOMException("Read permission denied.", "NotAllowedError"));
  const writeText = async (text: unknown) => {
    if (!offer(String(text))) throw new DOMException("Write permission denied.", "NotAllowedError");
  };
  const write = async (items: ClipboardItem[]) => {
    const type = ["text/plain", "text/html"].find((wanted) => items[0]?.types.includes(wanted));
    if (!items[0] || !type) throw new DOMException("Only text can be copied here.", "NotAllowedError");
    await writeText(await (await items[0].getType(type)).text());
  };
  return Object.assign(new EventTarget(), { writeText, write, readText: refuse, read: refuse });
}

/** What the browser would copy: what a `copy` listener gives, else the selection. */
function offerSelection(page: Document, type: "copy" | "cut", offer: (text: string) => boolean): boolean {
  const data = new DataTransfer();
  const event = new ClipboardEvent(type, { bubbles: true, cancelable: true, clipboardData: data });
  const element = page.activeElement ?? page.body ?? page;
  const isAnswered = !element.dispatchEvent(event);
  const text = isAnswered ? data.getData("text/plain") : selectedText(element);
  if (!text || !offer(text)) return false;
  if (type === "cut" && !isAnswered) page.execCommand("delete");
  return true;
}

function selectedText(element: Node): string {
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLInputElement) {
    const { selectionStart, selectionEnd, value } = element;
    if (selectionStart !== null && selectionEnd !== null) return value.slice(selectionStart, selectionEnd);
  }
  return String(getSelection() ?? "");
}
