import type {
  ArtifactInfo,
  CheckInfo,
  ContextInfo,
  ConversationDetail,
  ConversationInfo,
  DraftInfo,
  DraftRequest,
  DraftSave,
  DraftSaved,
  GithubPush,
  HuggingFacePush,
  Problem,
  Pushed,
  RaceDetail,
  RaceRequest,
  RunInfo,
  RunRequest,
  SharingInfo,
  TakeoutInfo,
  TakeoutServices,
  VersionInfo,
  VersionPage,
  VersionSummary,
  Vote,
} from "../protocol.gen";

/** A refused or failed request. `problem.code` is "offline" where the server was not reached at all. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** What a link lets people do who open it. */
export type LinkRole = "viewer" | "writer";

export const api = {
  startRun: (body: RunRequest) => send<RunInfo>("POST", "/api/runs", body),
  cancelRun: (id: string) => send<RunInfo>("POST", `/api/runs/${id}/cancel`),
  getRun: (id: string) => send<RunInfo>("GET", `/api/runs/${id}`),
  getContext: (id: string, model: number | null) =>
    send<ContextInfo>("GET", `/api/runs/${id}/context${model === null ? "" : `?model=${model}`}`),
  condense: (id: string, model: number | null) =>
    send<RunInfo>("PUT", `/api/runs/${id}/condensation${model === null ? "" : `?model=${model}`}`),
  undoCondensation: (id: string) => send<RunInfo>("DELETE", `/api/runs/${id}/condensation`),
  startRace: (body: RaceRequest) => send<RaceDetail>("POST", "/api/races", body),
  getRace: (id: string) => send<RaceDetail>("GET", `/api/races/${id}`),
  cancelRace: (id: string) => send<RaceDetail>("POST", `/api/races/${id}/cancel`),
  vote: (id: string, vote: Vote) => send<RaceDetail>("POST", `/api/races/${id}/vote`, vote),
  keep: (id: string, run: string) => send<RaceDetail>("POST", `/api/races/${id}/keep`, { run }),
  listConversations: () => send<ConversationInfo[]>("GET", "/api/conversations"),
  getConversation: (id: string) => send<ConversationDetail>("GET", `/api/conversations/${id}`),
  renameConversation: (id: string, title: string) => send("PATCH", `/api/conversations/${id}`, { title }),
  deleteConversation: (id: string) => send<null>("DELETE", `/api/conversations/${id}`),
  getLinks: (id: string) => send<SharingInfo>("GET", `/api/conversations/${id}/links`),
  openLink: (id: string, role: LinkRole) =>
    send<SharingInfo>("PUT", `/api/conversations/${id}/links/${role}`),
  closeLink: (id: string, role: LinkRole) =>
    send<SharingInfo>("DELETE", `/api/conversations/${id}/links/${role}`),
  listShared: () => send<ConversationInfo[]>("GET", "/api/shared"),
  join: (token: string) => send<ConversationDetail>("POST", `/api/shared/${token}`),
  leave: (id: string) => send<null>("DELETE", `/api/conversations/${id}/membership`),
  getArtifact: (id: string) => send<ArtifactInfo>("GET", `/api/artifacts/${id}`),
  getVersion: (id: string, number: number) =>
    send<VersionInfo>("GET", `/api/artifacts/${id}/versions/${number}`),
  /** Null where nothing is unsaved. */
  getDraft: (artifact: string) => send<DraftInfo | null>("GET", `/api/artifacts/${artifact}/draft`),
  writeDraft: (artifact: string, body: DraftRequest) =>
    send<DraftInfo>("PUT", `/api/artifacts/${artifact}/draft`, body),
  discardDraft: (artifact: string, revision: number) =>
    send<null>("DELETE", `/api/artifacts/${artifact}/draft?revision=${revision}`),
  saveDraft: (artifact: string, body: DraftSave) =>
    send<DraftSaved>("POST", `/api/artifacts/${artifact}/draft/save`, body),
  takeUpVersion: (artifact: string, number: number) =>
    send<DraftInfo>("POST", `/api/artifacts/${artifact}/versions/${number}/draft`),
  listVersions: (id: string, before: number | null = null) =>
    send<VersionPage>("GET", `/api/artifacts/${id}/versions${before === null ? "" : `?before=${before}`}`),
  labelVersion: (id: string, number: number, label: string) =>
    send<VersionSummary>("PATCH", `/api/artifacts/${id}/versions/${number}`, { label }),
  restoreVersion: (id: string, number: number) =>
    send<VersionSummary>("POST", `/api/artifacts/${id}/versions/${number}/restore`),
  beginConversation: (artifact: string, version: number) =>
    send<ConversationDetail>("POST", "/api/conversations", { artifact, version }),
  getCheck: (id: string, number: number) =>
    send<CheckInfo>("GET", `/api/artifacts/${id}/versions/${number}/check`),
  verifyAgain: (id: string, number: number) =>
    send<CheckInfo>("POST", `/api/artifacts/${id}/versions/${number}/check`),
  setVisibility: (id: string, visibility: ArtifactInfo["visibility"]) =>
    send<ArtifactInfo>("PATCH", `/api/artifacts/${id}`, { visibility }),
  /** An empty one takes it away. */
  setPassword: (id: string, password: string) =>
    send<ArtifactInfo>("PATCH", `/api/artifacts/${id}`, { password }),
  /** ISO 8601, in UTC; null: the link lasts. */
  setExpiry: (id: string, expires_at: string | null) =>
    send<ArtifactInfo>("PATCH", `/api/artifacts/${id}`, { expires_at }),
  setAllowedHosts: (id: string, allowed_hosts: string[]) =>
    send<ArtifactInfo>("PATCH", `/api/artifacts/${id}`, { allowed_hosts }),
  getTakeoutServices: () => send<TakeoutServices>("GET", "/api/takeout"),
  getTakeout: (id: string, number: number) =>
    send<TakeoutInfo>("GET", `/api/artifacts/${id}/versions/${number}/takeout`),
  pushToGithub: (id: string, number: number, body: GithubPush) =>
    send<Pushed>("POST", `/api/artifacts/${id}/versions/${number}/push/github`, body),
  pushToHuggingFace: (id: string, number: number, body: HuggingFacePush) =>
    send<Pushed>("POST", `/api/artifacts/${id}/versions/${number}/push/huggingface`, body),
};

/** Throws ApiError. */
export async function send<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(path, init).catch(() => {
    throw new ApiError(problem("offline", ""));
  });
  if (response.status === 204) return null as Answer;
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer as Answer;
  throw new ApiError(readProblem(answer) ?? problem("other", `${response.status} ${response.statusText}`));
}

/** Django's token for forms and scripts; the page's response has set the cookie. */
export function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]*)/.exec(document.cookie)?.[1] ?? "";
}

export function problem(code: string, message: string): Problem {
  return { code, message, retryable: true, retry_after: null };
}

function readProblem(answer: unknown): Problem | null {
  return (answer as { error?: Problem } | null)?.error ?? null;
}
