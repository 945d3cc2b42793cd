import "../styles/tokens.css";
import "../styles/base.css";
import { mount } from "svelte";
import type { Bootstrap } from "../protocol.gen";
import App from "./App.svelte";
import { preferences } from "./preferences.svelte";
import { Workbench } from "./workbench.svelte";

const boot = JSON.parse(document.getElementById("bootstrap")?.textContent ?? "null") as Bootstrap;
preferences.start();
const workbench = new Workbench(boot);
workbench.start();
mount(App, { target: document.getElementById("app") as HTMLElement, props: { workbench } });
