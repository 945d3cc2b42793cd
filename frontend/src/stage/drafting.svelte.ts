import { t } from "../i18n";
import { ApiError, api } from "../lib/api";
import type { FileView } from "../lib/run";
import type { ConflictDecision, DraftInfo, DraftSaved, EditedVersion, FileInfo } from "../protocol.gen";
import { viewOf } from "./files";
import { keepLineEnds } from "./tail";
import { readUpload, type Upload } from "./uploads";

const PAUSE = 600; // ms after the last key until the draft is written and shown
const RETRY = 4000; // ms until the next try where the server was not reached

/** "elsewhere": another tab has changed the draft since. */
export type Keeping = "kept" | "waiting" | "offline" | "refused" | "elsewhere";

interface Changes {
  files: Record<string, string | null>;
  moves: Record<string, string>;
}

/**
 * What a person has changed by hand in one artifact and not saved yet. The server keeps it: each change is written there
 * after a pause, so that a reload, a crash or another device loses nothing.
 */
export class Drafting {
  info = $state.raw<DraftInfo | null>(null);
  files = $state.raw<FileView[]>([]);
  keeping = $state<Keeping>("kept");
  isSaving = $state(false);
  /** Why something was not taken, by what it was about. */
  refusals = $state.raw<{ name: string; message: string }[]>([]);
  /** The file that was deleted last. */
  removed = $state.raw<FileView | null>(null);
  conflicts = $state.raw<DraftSaved | null>(null);
  /** The artifact is the person's own. */
  isOwn = $state(false);
  #artifact: string | null = null;
  #base = 0;
  #texts: Record<string, string> = {};
  #isDirty = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** By artifact: what could not be written, for want of a connection. */
  readonly #left = new Map<string, { base: number; texts: Record<string, string> }>();
  /** Writes go one after the other. */
  #line: Promise<unknown> = Promise.resolve();

  isOpen = $derived(this.info !== null || this.#isDirty);
  base = $derived(this.info?.base ?? this.#base);

  /** Look at another artifact (null: none yet). What was typed in the one before is written first. */
  async open(artifact: string | null): Promise<void> {
    if (artifact === this.#artifact) return;
    await this.flush();
    if (this.#artifact && this.#isDirty)
      this.#left.set(this.#artifact, { base: this.base, texts: this.#texts });
    this.#clear();
    this.#artifact = artifact;
    this.isOwn = false;
    if (!artifact) return;
    await this.reload();
    await this.#resume(artifact);
  }

  /** What could not be written when the person went elsewhere. */
  async #resume(artifact: string): Promise<void> {
    const left = this.#left.get(artifact);
    if (!left || artifact !== this.#artifact || !this.isOwn) return;
    this.#left.delete(artifact);
    this.#base = left.base;
    for (const [path, text] of Object.entries(left.texts)) {
      this.#put({ path, language: "", text, state: "complete" });
    }
    this.#texts = left.texts;
    this.#isDirty = true;
    if (await this.flush()) await this.reload();
  }

  /** The draft as the server has it, in place of what is here. */
  async reload(): Promise<void> {
    const artifact = this.#artifact;
    if (!artifact) return;
    try {
      const info = await api.getDraft(artifact);
      if (artifact !== this.#artifact) return;
      this.isOwn = true;
      this.#take(info);
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.code === "offline") {
        setTimeout(() => artifact === this.#artifact && void this.reload(), RETRY);
      }
    }
  }

  /** Whether something newer has come, without touching what is here. */
  async refresh(): Promise<void> {
    const info = this.info && (await api.getDraft(this.info.artifact).catch(() => null));
    if (info && this.info) this.info = { ...this.info, newest: info.newest };
  }

  /** A version's changes as a draft again, to be merged with what came beside it. */
  async takeUp(artifact: string, number: number): Promise<boolean> {
    await this.open(artifact);
    if (this.isOpen) return true;
    try {
      this.#take(await api.takeUpVersion(artifact, number));
      return true;
    } catch (error) {
      this.#refuse(`v${number}`, error);
      return false;
    }
  }

  // ------------------------------------------------------------------------------------- changes

  /** Begin at a version, unless there is a draft: the changes that follow are of it. */
  begin(version: number, files: FileView[]): void {
    if (this.isOpen) return;
    this.#base = version;
    this.files = files;
  }

  change(path: string, text: string): void {
    const before = this.files.find((file) => file.path === path);
    const content = keepLineEnds(text, before?.text ?? "");
    this.#put({ path, language: "", text: content, state: "complete" });
    this.#texts = { ...this.#texts, [path]: content };
    this.#note();
  }

  async add(path: string, text = ""): Promise<boolean> {
    const isAdded = await this.#write(path, { files: { [path]: text }, moves: {} });
    if (isAdded) this.#put({ path, language: "", text, state: "complete" });
    return isAdded;
  }

  async remove(file: FileView): Promise<void> {
    if (!(await this.#write(file.path, { files: { [file.path]: null }, moves: {} }))) return;
    this.files = this.files.filter(({ path }) => path !== file.path);
    this.removed = file;
  }

  async undoRemove(): Promise<void> {
    const file = this.removed;
    if (!file) return;
    const content = file.asset ? `base64:${file.asset.base64}` : file.text;
    if (!(await this.#write(file.path, { files: { [file.path]: content }, moves: {} }))) return;
    this.#put(file);
    this.removed = null;
  }

  async rename(from: string, to: string): Promise<boolean> {
    if (!(await this.#write(to, { files: {}, moves: { [from]: to } }))) return false;
    this.files = this.files.map((file) => (file.path === from ? { ...file, path: to } : file));
    return true;
  }

  /** Each by itself: one that is refused does not stop the others. Returns the path of the last one taken. */
  async upload(files: Iterable<File>, folder: string): Promise<string | null> {
    let last: string | null = null;
    for (const file of files) {
      const upload = await readUpload(
        file,
        folder,
        this.files.map(({ path }) => path),
      );
      if ("refusal" in upload) this.#tell(file.name, upload.refusal);
      else if (await this.#add(upload)) last = upload.path;
    }
    return last;
  }

  async #add({ path, content, view }: Upload): Promise<boolean> {
    const isAdded = await this.#write(path, { files: { [path]: content }, moves: {} });
    if (isAdded) this.#put(view);
    return isAdded;
  }

  // ------------------------------------------------------------------------------------- writing

  /** Write now what waits for a pause in typing. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (!this.#isDirty) return this.keeping === "kept";
    const texts = this.#texts;
    this.#texts = {};
    const isWritten = await this.#send("", { files: texts, moves: {} });
    if (!isWritten) this.#texts = { ...texts, ...this.#texts };
    else if (Object.keys(this.#texts).length === 0) this.#isDirty = false;
    if (this.keeping === "offline") this.#timer = setTimeout(() => void this.flush(), RETRY);
    return isWritten;
  }

  get hasUnwritten(): boolean {
    return this.#isDirty;
  }

  async #write(name: string, changes: Changes): Promise<boolean> {
    this.removed = null;
    if (this.#isDirty && !(await this.flush())) return false;
    return this.#send(name, changes);
  }

  #send(name: string, changes: Changes): Promise<boolean> {
    const sent = this.#line.then(() => this.#sendNow(name, changes));
    this.#line = sent;
    return sent;
  }

  async #sendNow(name: string, changes: Changes): Promise<boolean> {
    const artifact = this.#artifact;
    if (!artifact) return false;
    try {
      const info = await api.writeDraft(artifact, {
        base: this.base,
        revision: this.info?.revision ?? 0,
        ...changes,
      });
      if (artifact === this.#artifact) this.info = info;
      this.keeping = "kept";
      return true;
    } catch (error) {
      const code = error instanceof ApiError ? error.problem.code : "";
      if (code === "offline" && name) this.#tell(name, t.editing.offline);
      else if (code === "offline") this.keeping = "offline";
      else if (code === "draft_changed") this.keeping = "elsewhere";
      else {
        if (!name) this.keeping = "refused";
        this.#refuse(name, error);
      }
      return false;
    }
  }

  /** In spite of what another tab has written: what is here. */
  async keepMine(): Promise<void> {
    const artifact = this.#artifact;
    if (!artifact) return;
    const theirs = await api.getDraft(artifact).catch(() => undefined);
    if (theirs === undefined) return;
    const base = this.base;
    const mine = this.files;
    const there = new Map((theirs?.files ?? []).map((file) => [file.path, file]));
    this.info = theirs;
    this.#base = base;
    for (const { path } of there.values()) {
      if (!mine.some((file) => file.path === path))
        await this.#send(path, { files: { [path]: null }, moves: {} });
    }
    this.#texts = Object.fromEntries(
      mine.flatMap((file) => (isSame(file, there.get(file.path)) ? [] : [[file.path, contentOf(file)]])),
    );
    this.#isDirty = true;
    await this.flush();
  }

  // -------------------------------------------------------------------------------------- saving

  /** Make it a version. Null where there is something to decide first, or it was refused. */
  async save(decisions: Record<string, ConflictDecision> = {}): Promise<EditedVersion | null> {
    if (this.isSaving) return null;
    this.isSaving = true;
    try {
      if (!(await this.flush()) || !this.info) return null;
      const { artifact, revision } = this.info;
      const onto = this.conflicts?.onto ?? null;
      const saved = await api.saveDraft(artifact, { revision, onto, decisions });
      this.conflicts = saved.version ? null : saved;
      if (saved.version) this.#clear();
      return saved.version;
    } catch (error) {
      if (error instanceof ApiError && error.problem.code === "draft_changed") this.keeping = "elsewhere";
      else this.#refuse("", error);
      return null;
    } finally {
      this.isSaving = false;
    }
  }

  async discard(): Promise<void> {
    clearTimeout(this.#timer);
    this.#texts = {};
    await this.#line;
    try {
      if (this.info) await api.discardDraft(this.info.artifact, this.info.revision);
      this.#clear();
    } catch (error) {
      if (error instanceof ApiError && error.problem.code === "draft_changed") this.keeping = "elsewhere";
      else this.#refuse("", error);
    }
  }

  // ------------------------------------------------------------------------------------- within

  #take(info: DraftInfo | null): void {
    this.#clear();
    this.info = info;
    this.files = (info?.files ?? []).map(viewOf);
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.info = null;
    this.files = [];
    this.keeping = "kept";
    this.refusals = [];
    this.removed = null;
    this.conflicts = null;
    this.#texts = {};
    this.#isDirty = false;
  }

  #note(): void {
    this.#isDirty = true;
    if (this.keeping === "elsewhere") return; // first it is decided which of the two stays
    this.keeping = "waiting";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE);
  }

  #put(file: FileView): void {
    const isKnown = this.files.some(({ path }) => path === file.path);
    this.files = isKnown
      ? this.files.map((other) => (other.path === file.path ? file : other))
      : [...this.files, file];
  }

  #refuse(name: string, error: unknown): void {
    const message = error instanceof ApiError ? error.problem.message : String(error);
    this.#tell(name, message || t.editing.offline);
  }

  #tell(name: string, message: string): void {
    this.refusals = [...this.refusals, { name, message }];
  }
}

function contentOf(file: FileView): string {
  return file.asset ? `base64:${file.asset.base64}` : file.text;
}

function isSame(file: FileView, other: FileInfo | undefined): boolean {
  if (!other) return false;
  return file.asset ? file.asset.base64 === other.base64 : file.text === other.text;
}
