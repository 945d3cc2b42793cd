import type { ConversationNews, Frame, Refused } from "../protocol.gen";

export type Message = Frame | ConversationNews | Refused;

/** How frames come: by websocket, as server-sent events over HTTP, or asked for again and again (long poll). */
export type Kind = "websocket" | "stream" | "poll";

/** The runs that are followed, each with the seq of its last frame that came. */
export type Positions = ReadonlyMap<string, { readonly seq: number }>;

/** The conversation whose news is wanted, with the stamp of the last that came. */
export interface Watched {
  readonly conversation: string;
  readonly stamp: string;
}

export interface Listener {
  /** The server was heard, so this way is open. Said again and again. */
  heard: () => void;
  received: (message: Message) => void;
  /** Nothing comes any more. Said once. `silent`: nobody answered in time, rather than refused or broke off. */
  lost: (silent: boolean) => void;
}

/** One connection to the server. It reads the positions, and what is watched, whenever it tells the server what to send. */
export interface Transport {
  /** The positions have one run more. */
  follow: (run: string) => void;
  /** … one run less, though it is not over. */
  unfollow: (run: string) => void;
  /** Another conversation is watched, or none. */
  watch: () => void;
  /** The listener hears nothing of it. */
  close: () => void;
}

export type Open = (positions: Positions, listener: Listener, watched: () => Watched | null) => Transport;
