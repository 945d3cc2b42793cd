import { expect, test, vi } from "vitest";
import type { BuildDetail, BuildMessage } from "../protocol.gen";
import { buildApi } from "./api";
import { Builds } from "./builds.svelte";

const message: BuildMessage = {
  id: "m1",
  text: "Paint it blue",
  told: false,
  created_at: "2026-11-26T12:00:00Z",
};

function detail(messages: BuildMessage[]): BuildDetail {
  return { files: [], frame_url: null, messages } as unknown as BuildDetail;
}

test("a message that other news has brought before its own answer came is there once", async () => {
  const builds = await withNothingTold();
  vi.spyOn(buildApi, "stop").mockResolvedValue(detail([message]));
  vi.spyOn(buildApi, "tell").mockImplementation(async () => {
    await builds.stop("build", "after_step");
    return message;
  });
  await builds.tell("build", message.text);
  expect(builds.detailOf("build")?.messages).toEqual([message]);
});

test("a message is there at once", async () => {
  const builds = await withNothingTold();
  vi.spyOn(buildApi, "tell").mockResolvedValue(message);
  await builds.tell("build", message.text);
  expect(builds.detailOf("build")?.messages).toEqual([message]);
});

async function withNothingTold(): Promise<Builds> {
  const builds = new Builds();
  vi.spyOn(buildApi, "get").mockResolvedValueOnce(detail([]));
  await builds.refresh("build");
  return builds;
}
