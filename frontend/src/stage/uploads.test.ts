import { expect, test } from "vitest";
import { cleanName, freeName, readUpload } from "./uploads";

test("names become ones that artifacts may have", () => {
  expect(cleanName("My picture (1).PNG")).toBe("My-picture-1.PNG");
  expect(cleanName("..env")).toBe("env");
  expect(cleanName("图片 1.png")).toBe("图片-1.png");
  expect(cleanName("***")).toBe("file");
});

test("a name that is taken is counted up", () => {
  expect(freeName("a/b.png", [])).toBe("a/b.png");
  expect(freeName("a/b.png", ["a/b.png", "a/b-2.png"])).toBe("a/b-3.png");
});

test("pictures go as bytes, text as text", async () => {
  const picture = await readUpload(new File([new Uint8Array([137, 80, 78, 71])], "a b.png"), "img/", []);
  expect(picture).toMatchObject({
    path: "img/a-b.png",
    content: "base64:iVBORw==",
    view: { asset: { size: 4 } },
  });
  const text = await readUpload(new File(["a,b"], "data.csv"), "", ["data.csv"]);
  expect(text).toMatchObject({ path: "data-2.csv", content: "a,b" });
});

test("what is too large is not even read", async () => {
  const large = new File([new Uint8Array(6 * 1024 * 1024)], "a.png");
  expect(await readUpload(large, "", [])).toHaveProperty("refusal");
});
