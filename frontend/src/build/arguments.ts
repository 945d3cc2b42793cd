/** What can be read already of a tool's arguments while their JSON is still being written. */
export interface Draft {
  path: string;
  /** The long text that is written: a file, or what comes in place of something. */
  text: string;
}

const LONG = ["content", "new", "text", "summary"];
const STRING = /"((?:[^"\\]|\\.)*)("|\\?$)/g;
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "", b: "", f: "" };

export function readDraft(json: string): Draft {
  const draft: Draft = { path: "", text: "" };
  let key = "";
  for (const match of json.matchAll(STRING)) {
    const [whole, inside = "", end] = match;
    const isKey =
      end === '"' &&
      /^\s*:/.test(json.slice((match.index ?? 0) + whole.length, (match.index ?? 0) + whole.length + 8));
    if (isKey) {
      key = inside;
    } else {
      if (key === "path" && end === '"') draft.path = plainOf(inside);
      if (LONG.includes(key)) draft.text = plainOf(inside);
      key = "";
    }
  }
  return draft;
}

function plainOf(inside: string): string {
  return inside.replace(/\\(?:u([0-9a-fA-F]{4})|(u[0-9a-fA-F]{0,3})$|(.))/gs, (_, code, cut, sign) => {
    if (code) return String.fromCharCode(Number.parseInt(code, 16));
    return cut ? "" : (ESCAPES[sign] ?? sign);
  });
}
