/** What the page writes to the console, also sent to the Console panel. */

import { type Level, LIMITS } from "../bridge/messages";
import type { Line } from "./line";
import { wrap } from "./pristine";
import { render, renderAll, renderTable } from "./rendering";
import { type Place, sourceOf } from "./sources";

const now = performance.now.bind(performance);

export function watchConsole(line: Line, place: Place): void {
  let indent = "";
  const counts = new Map<string, number>();
  const times = new Map<string, number>();

  const say = (level: Level, text: string) => {
    const source = sourceOf(new Error().stack ?? "", place);
    const indented = indent ? text.replace(/^/gm, indent) : text;
    line.say({ type: "console", level, text: indented.slice(0, LIMITS.text), source });
  };
  const on = (name: string, action: (args: unknown[]) => void) =>
    wrap(console, name, (native, self, args) => {
      try {
        action(args);
      } catch {
        // A value that cannot be read is the page's business; the console still shows it.
      }
      return native(self, args);
    });
  const label = (args: unknown[]) => (args[0] === undefined ? "default" : String(args[0]));
  const elapsed = (name: string) => `${name}: ${(now() - (times.get(name) ?? now())).toFixed(1)} ms`;

  for (const level of ["log", "info", "warn", "error", "debug"] as const)
    on(level, (args) => say(level, renderAll(args)));
  on("dir", (args) => say("log", render(args[0])));
  on("dirxml", (args) => say("log", renderAll(args)));
  on("table", (args) => say("log", renderTable(args[0], args[1])));
  on("trace", (args) => say("log", `Trace: ${renderAll(args)}`.trim()));
  on("assert", ([condition, ...args]) => {
    if (!condition) say("error", `Assertion failed: ${renderAll(args)}`);
  });
  for (const name of ["group", "groupCollapsed"]) {
    on(name, (args) => {
      say("log", renderAll(args));
      if (indent.length < 20) indent += "  ";
    });
  }
  on("groupEnd", () => {
    indent = indent.slice(2);
  });
  on("count", (args) => {
    const name = label(args);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    say("log", `${name}: ${counts.get(name)}`);
  });
  on("countReset", (args) => counts.delete(label(args)));
  on("time", (args) => times.set(label(args), now()));
  on("timeLog", (args) => say("log", `${elapsed(label(args))} ${renderAll(args.slice(1))}`.trim()));
  on("timeEnd", (args) => {
    say("log", elapsed(label(args)));
    times.delete(label(args));
  });
}
