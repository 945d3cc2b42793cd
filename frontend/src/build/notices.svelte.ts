import { t } from "../i18n/build";
import { api } from "../lib/api";
import type { BuildOutcome, RunInfo } from "../protocol.gen";
import { preferences, read, write } from "../workbench/preferences.svelte";

const PAUSE = 10_000; // milliseconds between two looks
const MOST = 20; // builds that are waited for

/** A build that this browser has started and waits for. */
interface Expected {
  run: string;
  conversation: string;
}

/** A build that ended while the reader looked elsewhere. */
export interface Ended extends Expected {
  title: string;
  outcome: BuildOutcome;
}

/**
 * Word that a build of mine is over, wherever I am: what is waited for stays in the browser over reloads, and of
 * several tabs the one that sees it first tells.
 */
export class BuildNotices {
  toasts = $state.raw<Ended[]>([]);
  /** Conversations with a build that ended unseen. */
  unseen = $state.raw<string[]>(read("builds:unseen", []));
  permission = $state(typeof Notification === "undefined" ? null : Notification.permission);
  #isSeen: (conversation: string) => boolean = () => false;
  #isLooking = false;

  /** `isSeen`: whether the reader has this conversation before their eyes. */
  start(isSeen: (conversation: string) => boolean): void {
    this.#isSeen = isSeen;
    setInterval(this.look, PAUSE);
    addEventListener("storage", ({ key }) => {
      if (key === "playground:builds:unseen") this.unseen = read("builds:unseen", []);
    });
    void this.look();
  }

  expect({ id, conversation }: RunInfo): void {
    write("builds:expected", [...expected(), { run: id, conversation }].slice(-MOST));
  }

  /** The reader opens the conversation. */
  see(conversation: string): void {
    this.toasts = this.toasts.filter((ended) => ended.conversation !== conversation);
    if (this.unseen.includes(conversation)) this.#keep(this.unseen.filter((other) => other !== conversation));
  }

  dismiss(ended: Ended): void {
    this.toasts = this.toasts.filter((other) => other !== ended);
  }

  /** Ask the browser for its notifications: only ever on a click. */
  async allow(): Promise<void> {
    this.permission = await Notification.requestPermission();
    preferences.notifies = this.permission === "granted";
  }

  look = async (): Promise<void> => {
    if (this.#isLooking) return;
    this.#isLooking = true;
    for (const build of expected()) await this.#lookAt(build);
    this.#isLooking = false;
  };

  async #lookAt(build: Expected): Promise<void> {
    const run = await api
      .getRun(build.run)
      .catch(({ problem }) => (isGone(problem?.code) ? null : undefined));
    if (run === undefined || (run?.build && run.build.state !== "over")) return;
    const rest = expected();
    if (!rest.some((other) => other.run === build.run)) return; // another tab has told it
    write(
      "builds:expected",
      rest.filter((other) => other.run !== build.run),
    );
    if (run?.build?.outcome && !this.#isSeen(build.conversation)) this.#tell({ ...build, ...ending(run) });
  }

  #tell(ended: Ended): void {
    this.toasts = [...this.toasts, ended];
    this.#keep([...new Set([...this.unseen, ended.conversation])]);
    if (!preferences.notifies || this.permission !== "granted" || !document.hidden) return;
    const notification = new Notification(t.toast[ended.outcome], { body: ended.title, tag: ended.run });
    notification.onclick = () => {
      window.focus();
      notification.close();
    };
  }

  #keep(unseen: string[]): void {
    this.unseen = unseen;
    write("builds:unseen", unseen);
  }
}

function expected(): Expected[] {
  return read<Expected[]>("builds:expected", []);
}

function isGone(code: string | undefined): boolean {
  return code?.endsWith("not_found") ?? false;
}

function ending(run: RunInfo): Pick<Ended, "title" | "outcome"> {
  return { title: run.build?.title || run.prompt.slice(0, 80), outcome: run.build?.outcome ?? "failed" };
}
