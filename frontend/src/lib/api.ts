import type {
  ArtifactInfo,
  CheckInfo,
  ConversationDetail,
  ConversationInfo,
  Problem,
  RunInfo,
  RunRequest,
  VersionInfo,
} from "../protocol.gen";

/** A refused or failed request. `problem.code` is "offline" where the server was not reached at all. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

export const api = {
  startRun: (body: RunRequest) => send<RunInfo>("POST", "/api/runs", body),
  cancelRun: (id: string) => send<RunInfo>("POST", `/api/runs/${id}/cancel`),
  getRun: (id: string) => send<RunInfo>("GET", `/api/runs/${id}`),
  listConversations: () => send<ConversationInfo[]>("GET", "/api/conversations"),
  getConversation: (id: string) => send<ConversationDetail>("GET", `/api/conversations/${id}`),
  renameConversation: (id: string, title: string) => send("PATCH", `/api/conversations/${id}`, { title }),
  deleteConversation: (id: string) => send<null>("DELETE", `/api/conversations/${id}`),
  getArtifact: (id: string) => send<ArtifactInfo>("GET", `/api/artifacts/${id}`),
  getVersion: (id: string, number: number) =>
    send<VersionInfo>("GET", `/api/artifacts/${id}/versions/${number}`),
  getCheck: (id: string, number: number) =>
    send<CheckInfo>("GET", `/api/artifacts/${id}/versions/${number}/check`),
  verifyAgain: (id: string, number: number) =>
    send<CheckInfo>("POST", `/api/artifacts/${id}/versions/${number}/check`),
  setVisibility: (id: string, visibility: ArtifactInfo["visibility"]) =>
    send<ArtifactInfo>("PATCH", `/api/artifacts/${id}`, { visibility }),
  setAllowedHosts: (id: string, allowed_hosts: string[]) =>
    send<ArtifactInfo>("PATCH", `/api/artifacts/${id}`, { allowed_hosts }),
};

async function send<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
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
