import { send } from "../lib/api";
import type {
  BuildDetail,
  BuildFiles,
  BuildFork,
  BuildMeans,
  BuildMessage,
  BuildRequest,
  BuildStop,
  ChecklistProposal,
  ChecklistRequest,
  FileInfo,
  RunInfo,
} from "../protocol.gen";

export type StopMode = BuildStop["mode"];

export const buildApi = {
  start: (body: BuildRequest) => send<RunInfo>("POST", "/api/runs", body),
  get: (run: string) => send<BuildDetail>("GET", `/api/runs/${run}/build`),
  getFiles: (run: string, step: number) =>
    send<BuildFiles>("GET", `/api/runs/${run}/build/files?step=${step}`),
  getFile: (run: string, path: string, step: number) =>
    send<FileInfo>("GET", `/api/runs/${run}/build/file?step=${step}&path=${encodeURIComponent(path)}`),
  stop: (run: string, mode: StopMode) => send<BuildDetail>("POST", `/api/runs/${run}/build/stop`, { mode }),
  tell: (run: string, text: string) =>
    send<BuildMessage>("POST", `/api/runs/${run}/build/messages`, { text }),
  fork: (run: string, body: BuildFork) => send<RunInfo>("POST", `/api/runs/${run}/build/fork`, body),
  rewind: (run: string, body: BuildFork) => send<RunInfo>("POST", `/api/runs/${run}/build/rewind`, body),
  getMeans: () => send<BuildMeans>("GET", "/api/builds"),
  setNotice: (mails: boolean) => send<BuildMeans>("PUT", "/api/builds/notice", { mails }),
  propose: (body: ChecklistRequest) => send<ChecklistProposal>("POST", "/api/builds/checklist", body),
};
