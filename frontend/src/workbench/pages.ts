import type { Builds } from "../build/builds.svelte";
import { isUnkept } from "../lib/branches";
import type { RunView } from "../lib/run";
import type { ConversationDetail, RunInfo, VersionRef } from "../protocol.gen";
import { latestEdit } from "../stage/edits";
import { isPage } from "../stage/files";
import type { RunViews } from "./views.svelte";

/** What the stage shows: a run's page, the version that the conversation starts from, or one that was opened. */
export interface Shown {
  run: RunView | null;
  /** The build that makes it, or has made it. */
  build: RunInfo | null;
  url: string | null;
  version: VersionRef | null;
  isRunning: boolean;
  /** The run writes the page from the beginning, and the frame shows it while it comes. */
  isStreamed: boolean;
  /** What the page's storage is kept under: the artifact, or as long as there is none the conversation. */
  storage: string;
  /** A person looks at it, though there is a newer one. */
  isEarlier: boolean;
}

/** What is known of the conversation. */
interface Known {
  readonly conversation: ConversationDetail | null;
  readonly runs: RunInfo[];
  readonly views: RunViews;
  readonly builds: Builds;
  /** The number of the artifact's newest version. */
  readonly newest: number;
  isOver(run: RunInfo): boolean;
}

/** The pages of a conversation, as the stage can show them: each run's, and each version's. */
export class Pages {
  #known: Known;
  #urls = new Map<string, string>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** What was made of the version by hand, last. */
  editOf(version: VersionRef | null): VersionRef | null {
    return version && latestEdit(this.#known.conversation?.edits ?? [], version.number);
  }

  ofVersion(version: VersionRef | null): Shown {
    return {
      run: null,
      build: null,
      url: version?.frame_url ?? null,
      version,
      isRunning: false,
      isStreamed: false,
      storage: this.#storageOf(version),
      isEarlier: version !== null && version.number < this.#known.newest,
    };
  }

  of(run: RunInfo): Shown {
    const view = this.#known.views.get(run.id) ?? null;
    const version = this.versionOf(run);
    return {
      run: view,
      build: run.kind === "build" ? run : null,
      url: this.#urlOf(run),
      version,
      isRunning: !this.#known.isOver(run),
      isStreamed: this.#isStreamed(run),
      storage: isUnkept(run) ? run.id : this.#storageOf(version), // lanes are strangers to each other
      isEarlier: false,
    };
  }

  versionOf(run: RunInfo): VersionRef | null {
    return run.version ?? this.#known.views.get(run.id)?.version ?? null;
  }

  /** The artifact that it is a version of; without one, the conversation's. */
  artifactOf(version: VersionRef | null): string | null {
    const artifact = version?.artifact ?? this.#known.runs.find((run) => run.artifact)?.artifact;
    return artifact ?? this.#known.conversation?.artifact ?? this.#known.conversation?.base?.artifact ?? null;
  }

  /** Whether there is something of it to be shown. */
  has(run: RunInfo): boolean {
    if (run.version !== null || Object.keys(this.#known.views.get(run.id)?.files ?? {}).length > 0)
      return true;
    return (
      run.kind === "build" &&
      (!this.#known.isOver(run) || this.#known.builds.detailOf(run.id)?.frame_url != null)
    );
  }

  /** Look for its address anew. */
  forget(run: RunInfo): void {
    this.#urls.delete(run.id);
  }

  #storageOf(version: VersionRef | null): string {
    return this.artifactOf(version) ?? this.#known.conversation?.id ?? "";
  }

  /** What a build has saved, or its files as they are; a page stays in its frame though its address is signed anew. */
  #urlOfBuild(run: RunInfo): string | null {
    const version = this.versionOf(run);
    const url = version?.frame_url ?? this.#known.builds.detailOf(run.id)?.frame_url;
    if (!url) return this.#urlBefore(run);
    if (!version) return url;
    const known = this.#urls.get(run.id);
    if (!known) this.#urls.set(run.id, url);
    return known ?? url;
  }

  /**
   * The frame's address for a run, the same each time: a page that was watched while it was written stays as it is, unless
   * more than that was saved; an older one is its saved version, or what was left of it.
   */
  #urlOf(run: RunInfo): string | null {
    if (run.kind === "build") return this.#urlOfBuild(run);
    const view = this.#known.views.get(run.id);
    const key = view?.differs ? `${run.id} saved` : run.id;
    const known = this.#urls.get(key);
    if (known) return known;
    const version = this.versionOf(run);
    const isWritten = this.#isStreamed(run) || (isUnkept(run) && this.#known.isOver(run));
    if (!version && !isWritten) return this.#urlBefore(run);
    const url = version?.frame_url ?? run.preview_url;
    if (url) this.#urls.set(key, url);
    return url;
  }

  /** Whether the run writes its page from the beginning; one that edits it is shown when it is done. */
  #isStreamed(run: RunInfo): boolean {
    if (run.kind === "build") return false;
    const files = Object.values(this.#known.views.get(run.id)?.files ?? {});
    const writesPage = files.some((file) => isPage(file.path) && !file.edits);
    return writesPage || this.#urlBefore(run) === null;
  }

  /** The page that a run goes on from. */
  #urlBefore(run: RunInfo): string | null {
    const parent = this.#known.runs.find((other) => other.id === run.parent);
    const base = this.#known.conversation?.base ?? null;
    if (!parent) return (this.editOf(base) ?? base)?.frame_url ?? null;
    if (!this.has(parent)) return this.#urlBefore(parent);
    return this.editOf(this.versionOf(parent))?.frame_url ?? this.#urlOf(parent);
  }
}
