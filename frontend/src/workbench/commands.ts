import { t } from "../i18n";
import { t as build } from "../i18n/build";
import { preferences, type Theme } from "./preferences.svelte";
import type { Tab } from "./sight.svelte";
import type { Workbench } from "./workbench.svelte";

export interface Command {
  name: string;
  run: () => void;
}

/** What the palette offers, as things are when it opens. */
export function listCommands(workbench: Workbench): Command[] {
  return [
    { name: t.history.fresh, run: () => workbench.newWish() },
    ...buildCommands(workbench),
    ...runCommands(workbench),
    ...stageCommands(workbench),
    ...workbench.models.map((model) => ({
      name: t.palette.useModel(model.name),
      run: () => {
        preferences.model = model.id;
      },
    })),
    ...themeCommands(),
    ...accountCommands(workbench),
    ...[...workbench.conversations.own, ...workbench.conversations.shared].map((item) => ({
      name: t.palette.go(item.title),
      run: () => void workbench.open(item.id),
    })),
  ];
}

function buildCommands(workbench: Workbench): Command[] {
  if (!workbench.canWrite) return [];
  const { isBuilding } = workbench;
  return [
    { name: isBuilding ? build.turnOff : build.turnOn, run: () => workbench.turnBuilding(!isBuilding) },
  ];
}

function runCommands(workbench: Workbench): Command[] {
  const { running, runningBuild } = workbench;
  if (!workbench.canWrite) return [];
  if (runningBuild) {
    return (["keep_best", "after_step", "now"] as const).map((mode) => ({
      name: build.stops[mode],
      run: () => void workbench.wishes.stopBuild(runningBuild, mode),
    }));
  }
  const last = workbench.path.at(-1);
  if (running) return [{ name: t.wish.stop, run: () => void workbench.wishes.cancel(running) }];
  return last ? [{ name: t.run.regenerate, run: () => void workbench.wishes.regenerate(last) }] : [];
}

function stageCommands(workbench: Workbench): Command[] {
  const { version, run } = workbench.sight.shown;
  const tab = (name: string, to: Tab) => ({
    name,
    run: () => {
      workbench.sight.tab = to;
      workbench.sight.place = "result";
    },
  });
  const steps = run?.build ? [tab(build.showSteps, "steps")] : [];
  const code = run?.build && !version ? [] : [tab(t.palette.code, "code")];
  const commands = run || version ? [tab(t.palette.preview, "preview"), ...steps, ...code] : [];
  return version
    ? [
        ...commands,
        tab(t.palette.versions, "versions"),
        { name: t.palette.permalink, run: () => void open(version.url, "_blank") },
      ]
    : commands;
}

function themeCommands(): Command[] {
  const themes: [Theme, string][] = [
    ["system", t.user.system],
    ["light", t.user.light],
    ["dark", t.user.dark],
  ];
  return themes.map(([theme, name]) => ({
    name: t.palette.theme(name),
    run: () => {
      preferences.theme = theme;
    },
  }));
}

function accountCommands(workbench: Workbench): Command[] {
  const go = (name: string, url: string) => ({ name, run: () => location.assign(url) });
  if (!workbench.user || workbench.user.is_guest) {
    return [go(t.user.signUp, "/accounts/signup/"), go(t.user.signIn, "/accounts/login/")];
  }
  return [
    go(t.user.settings, "/settings/"),
    ...(workbench.user.is_staff ? [go(t.user.admin, "/admin/")] : []),
  ];
}
