import { createContext } from "svelte";
import type { Workbench } from "./workbench.svelte";

export const [useWorkbench, provideWorkbench] = createContext<Workbench>();
