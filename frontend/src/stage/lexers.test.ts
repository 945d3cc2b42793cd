import { ensureSyntaxTree, StreamLanguage, syntaxTree } from "@codemirror/language";
import { EditorState, StateEffect, type Transaction } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { classHighlighter, highlightTree } from "@lezer/highlight";
import { expect, it } from "vitest";
import { GrammarChange } from "./grammar";
import { LEXERS, page } from "./lexers";

const PAGE = `<!doctype html>
<style>
  h1 { color: red }
</style>
<h1 class="big">One &amp; two</h1>
<script>
  // A comment
  const end = "no </h1> end", it = \`two
  lines \${end}\`;
  return 42;
</script>
<p>after</p>
`;

/** What is coloured, and how. */
function colour(state: EditorState): string[] {
  const tree = ensureSyntaxTree(state, state.doc.length, 5000);
  const found: string[] = [];
  if (tree)
    highlightTree(tree, classHighlighter, (from, to, name) => {
      found.push(`${name.replaceAll("tok-", "")}: ${state.sliceDoc(from, to)}`);
    });
  return found;
}

function open(doc: string): EditorState {
  return EditorState.create({ doc, extensions: [StreamLanguage.define(page)] });
}

it("tells apart what stands in a page, its styles and its scripts", () => {
  const colours = colour(open(PAGE));
  expect(colours).toContain("typeName: h1");
  expect(colours).toContain("propertyName: class");
  expect(colours).toContain('string: "big"');
  expect(colours).toContain("comment: // A comment");
  expect(colours).toContain("keyword: const");
  expect(colours).toContain('string: "no </h1> end"');
  expect(colours).toContain("number: 42");
  expect(colours.at(-2)).toBe("typeName: p");
});

it("ends a script where a page ends it, even inside a string", () => {
  const colours = colour(open('<script>let a = "</script><b>bold</b>'));
  expect(colours.filter((text) => text === "typeName: b")).toHaveLength(2);
});

it("colours a page that grows as one that stands", () => {
  for (const step of [1, 7, 100]) {
    let state = open("");
    for (let at = 0; at < PAGE.length; at += step) {
      state = state.update({ changes: { from: at, insert: PAGE.slice(at, at + step) } }).state;
      ensureSyntaxTree(state, state.doc.length, 5000);
    }
    expect(colour(state)).toEqual(colour(open(PAGE)));
  }
});

it("gives a view its grammar once that has read all, and what has changed meanwhile", async () => {
  const view = {
    state: EditorState.create({ doc: "let a = 1;\n".repeat(2000) }),
    dispatch(change: Transaction | object) {
      this.state = "state" in change ? (change as Transaction).state : this.state.update(change).state;
    },
  };
  const grammar = LEXERS.javascript;
  if (!grammar) throw new Error("no grammar");
  const bring = () => view.state.update({ effects: [StateEffect.appendConfig.of(grammar)] });
  new GrammarChange().begin(view as EditorView, bring);
  view.dispatch({ changes: { from: 0, insert: "// more\n" } });
  await expect.poll(() => syntaxTree(view.state).length).toBe(view.state.doc.length);
  expect(view.state.doc.line(1).text).toBe("// more");
});
