import { mount } from "svelte";
import type { NetworkPolicy } from "../bridge/network";
import TakeHome from "../takeout/TakeHome.svelte";
import Artifact from "./Artifact.svelte";

/** What the server says of the page that is shown. */
export interface ShownArtifact extends NetworkPolicy {
  id: string;
  title: string;
  frame_url: string;
  is_mine: boolean;
}

/** Show the artifact through the bridge, in place of the plain frame that works without scripts. */
export function showArtifact(target: HTMLElement): void {
  const data = document.getElementById("artifact-data")?.textContent ?? "null";
  target.replaceChildren();
  mount(Artifact, { target, props: { artifact: JSON.parse(data) as ShownArtifact } });
}

/** The menu in place of the downloads that work without scripts. */
export function showTakeHome(target: HTMLElement): void {
  const { versionOf: artifact = "", number = "", title = "" } = target.dataset;
  target.replaceChildren();
  mount(TakeHome, { target, props: { artifact, number: Number(number), title, showLabel: true } });
}
