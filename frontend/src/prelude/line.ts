/** The one way out: a private port to the page that shows this frame. Without an introduction it leads nowhere. */

import { Bucket } from "../bridge/bucket";
import {
  type GuestMessage,
  type Hello,
  type HostMessage,
  type Introduction,
  LIMITS,
  type Moved,
} from "../bridge/messages";
import { method } from "./pristine";
import { gathered } from "./timers";

const postMessage = method(MessagePort.prototype, "postMessage");
const now = performance.now.bind(performance);

export class Line {
  /** Half of what the host allows, so that the rest is there for storage and the heartbeat. */
  private readonly bucket = new Bucket(LIMITS.burst / 2, LIMITS.rate / 2);
  private dropped = 0;
  private readonly tellDropped = gathered(1000, () => {
    const text = `… ${this.dropped} more messages were dropped`;
    this.dropped = 0;
    this.send({ type: "console", level: "warn", text, source: null });
  });

  constructor(private readonly port: MessagePort | null) {}

  get isOpen(): boolean {
    return this.port !== null;
  }

  /** For what the page's code may do in a loop. */
  say(message: GuestMessage): void {
    if (this.bucket.take(now())) {
      this.send(message);
    } else {
      this.dropped += 1;
      this.tellDropped();
    }
  }

  send(message: GuestMessage, transfer: ArrayBuffer[] = []): void {
    if (this.port) postMessage(this.port, message, transfer);
  }

  hear(action: (message: HostMessage) => void): void {
    if (this.port) this.port.onmessage = (event: MessageEvent<HostMessage>) => action(event.data);
  }
}

export function openLine(introduction: Introduction | null): Line {
  if (!introduction) return new Line(null);
  const { port1, port2 } = new MessageChannel();
  const hello: Hello = { playground: "hello", nonce: introduction.nonce };
  parent.postMessage(hello, introduction.app, [port2]);
  return new Line(port1);
}

/** A second document of the frame: it asks for an introduction, and works on its own until it is mounted anew. */
export function askForIntroduction(): void {
  if (parent === window || !location.protocol.startsWith("http")) return;
  const moved: Moved = { playground: "moved", url: location.href };
  parent.postMessage(moved, "*");
}
