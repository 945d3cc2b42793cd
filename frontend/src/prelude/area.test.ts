import { describe, expect, test } from "vitest";
import { Area, Room } from "./area";

function makeArea(initial: Record<string, string> = {}, size = 20) {
  const calls: number[] = [];
  const area = new Area(initial, new Room(size), () => calls.push(1));
  return { area, calls };
}

describe("an area", () => {
  test("keeps what is set, in order", () => {
    const { area } = makeArea({ b: "1" });
    area.set("a", "2");
    area.set("b", "3");
    expect(area.keys()).toEqual(["b", "a"]);
    expect([area.get("b"), area.get("a"), area.get("c"), area.size]).toEqual(["3", "2", null, 2]);
  });

  test("tells what changed, once", () => {
    const { area, calls } = makeArea({ old: "1" });
    expect(area.takeChanges()).toBeNull();
    area.set("a", "1");
    area.set("a", "2");
    area.remove("old");
    area.remove("never");
    expect(area.takeChanges()).toEqual({
      clear: false,
      changes: [
        ["a", "2"],
        ["old", null],
      ],
    });
    expect(area.takeChanges()).toBeNull();
    expect(calls).toHaveLength(3);
  });

  test("says that it was cleared before what came after", () => {
    const { area } = makeArea({ old: "1" });
    area.set("a", "1");
    area.clear();
    area.set("b", "2");
    expect(area.takeChanges()).toEqual({ clear: true, changes: [["b", "2"]] });
  });

  test("does not say that nothing changed", () => {
    const { area, calls } = makeArea({ a: "1" });
    area.set("a", "1");
    expect(calls).toHaveLength(0);
  });

  test("has so much room, which removing gives back", () => {
    const { area } = makeArea({ a: "123456789" });
    expect(area.set("b", "1234567890")).toBe(false);
    expect(area.get("b")).toBeNull();
    expect(area.set("b", "123456789")).toBe(true);
    expect(area.set("a", "1234567890")).toBe(false);
    area.remove("b");
    expect(area.set("a", "1234567890")).toBe(true);
    area.clear();
    expect(area.set("c", "x".repeat(19))).toBe(true);
  });

  test("shares its room", () => {
    const room = new Room(10);
    const [first, second] = [new Area({}, room, () => {}), new Area({}, room, () => {})];
    expect(first.set("a", "12345")).toBe(true);
    expect(second.set("a", "12345")).toBe(false);
  });
});
