/**
 * The prelude: the first script of every artifact document.
 *
 * It runs in an opaque origin, before any code of the artifact, takes away what the headers cannot, and gives back what
 * the origin takes away, carried over one port to the page that shows the frame. Without an introduction (opened
 * otherwise, or nested in the artifact) it works on its own, with storage that lasts as long as the document.
 */

import { BEAT, type Introduction } from "../bridge/messages";
import { provideClipboard } from "./clipboard";
import { watchConsole } from "./console";
import { CookieJar } from "./cookies";
import { provideDatabases } from "./databases/facade";
import { provideDialogs } from "./dialogs";
import { Downloads } from "./downloads";
import { Failures } from "./failures";
import { FullScreen } from "./fullscreen";
import { PageHistory } from "./history";
import { readIntroduction } from "./introduction";
import { askForIntroduction, type Line, openLine } from "./line";
import { Links } from "./links";
import { NestedFrames } from "./nested";
import { watchNetwork } from "./network";
import { Pointing } from "./pointing/facade";
import { answer } from "./pristine";
import { refuse } from "./refusals";
import { confineScope } from "./scope";
import { baseOf, type Place } from "./sources";
import { provideStorage } from "./storage";
import { textsFor } from "./texts";
import { every, gathered, protectTimers } from "./timers";
import { watchWriting } from "./writing";

function takeIntroduction(): Introduction | null {
  const introduction = readIntroduction(window.name);
  if (introduction) window.name = "";
  return introduction;
}

/** Only this stops `javascript:` addresses. `confineScope` has made the policy that lets all else pass. */
function demandTrustedTypes(): void {
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = "require-trusted-types-for 'script'";
  document.head?.append(meta);
  meta.remove();
}

function provideCookies(introduction: Introduction | null, line: Line): void {
  const jar = new CookieJar(introduction?.cookie ?? "", Date.now);
  const save = gathered(200, () => line.send({ type: "cookie", value: jar.dump() }));
  const set = (text: unknown) => {
    jar.set(String(text));
    save();
  };
  answer(Document.prototype, "cookie", () => jar.text, set);
}

function begin(script: HTMLScriptElement): void {
  const prologue = script.outerHTML;
  const shelf = script.dataset.shelf ?? "";
  const blobOf = confineScope("");
  const introduction = takeIntroduction();
  const line = openLine(introduction);
  const page = location.href;
  const isNested = !page.startsWith("http");
  const place: Place = { base: isNested ? "" : baseOf(page), page, injected: prologue.length };
  const texts = textsFor(introduction?.language);

  const failures = new Failures(line, place);
  const links = new Links(line, new Downloads(line, blobOf, texts), place);
  const pages = new PageHistory();
  const fullScreen = new FullScreen(line);
  const pointing = new Pointing(shelf, line);

  demandTrustedTypes(); // before the observer, which takes a policy for the page's
  new NestedFrames(prologue, blobOf, links.listen).start();
  protectTimers();
  refuse();
  provideClipboard(line);
  provideDialogs(line, texts);
  watchConsole(line, place);
  watchNetwork(failures);
  failures.observe();
  links.start();
  pages.start();
  fullScreen.start();

  const flushStorage = provideStorage(introduction, line);
  links.onleave = flushStorage; // the frame is taken away at once
  provideCookies(introduction, line);
  provideDatabases(introduction?.databases ?? "", shelf, line);

  const flushWhenHidden = () => {
    if (document.visibilityState === "hidden") flushStorage();
  };
  const listen = () => {
    pointing.listen(); // before all others
    failures.listen();
    pages.listen();
    links.listen(window);
    window.addEventListener("pagehide", flushStorage);
    document.addEventListener("visibilitychange", flushWhenHidden);
  };
  listen();
  watchWriting(listen);

  line.hear((message) => {
    if (message.type === "fullscreen") fullScreen.change(message.on);
    else pointing.obey(message);
  });
  if (introduction) every(BEAT, () => line.send({ type: "beat" }));
  else if (!isNested) askForIntroduction();
}

const script = document.currentScript as HTMLScriptElement;
begin(script);
script.remove();
