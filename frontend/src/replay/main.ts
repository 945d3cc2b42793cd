import { mount } from "svelte";
import Replay from "./Replay.svelte";

const data = JSON.parse(document.getElementById("replay-data")?.textContent ?? "null") as {
  artifact: string;
  number: number;
  title: string;
};
const target = document.querySelector<HTMLElement>("[data-replay]");
if (target) {
  target.replaceChildren();
  document.querySelector(".replay-wishes")?.remove(); // the film tells them
  mount(Replay, { target, props: data });
}
