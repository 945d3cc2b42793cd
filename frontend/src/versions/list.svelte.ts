import { ApiError, api } from "../lib/api";
import type { VersionSummary } from "../protocol.gen";
import { extend, NOTHING, renew, replace } from "./list";

/** The list of an artifact's versions as it is shown. */
export class VersionList {
  known = $state.raw(NOTHING);
  state = $state<"loading" | "ready" | "failed">("loading");
  isGrowing = $state(false);

  constructor(readonly artifact: string) {}

  /** Read the newest ones; what is shown stays in sight meanwhile, and if it fails. */
  async refresh(): Promise<void> {
    try {
      const page = await api.listVersions(this.artifact);
      this.known = renew(this.known, page);
      this.state = "ready";
    } catch {
      if (this.known.versions.length === 0) this.state = "failed";
    }
  }

  async more(): Promise<void> {
    if (this.isGrowing || this.known.before === null) return;
    this.isGrowing = true;
    try {
      const page = await api.listVersions(this.artifact, this.known.before);
      this.known = extend(this.known, page);
    } catch {
      // the button stays
    } finally {
      this.isGrowing = false;
    }
  }

  /** Null, or why it was refused. */
  async name(version: VersionSummary, label: string): Promise<string | null> {
    try {
      const named = await api.labelVersion(version.artifact, version.number, label);
      this.known = replace(this.known, named);
      return null;
    } catch (error) {
      return error instanceof ApiError ? error.problem.message : "";
    }
  }
}
