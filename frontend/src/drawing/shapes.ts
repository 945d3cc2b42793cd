import type { Box, Point } from "../protocol.gen";

/** What a person draws on a picture, in its pixels. A mark is drawn by moving; a label is placed and written. */
export const TOOLS = ["pen", "box", "arrow", "text"] as const;
export type Tool = (typeof TOOLS)[number];

export const COLOURS = { red: "#e5391c", blue: "#1668dc", green: "#0f8a4b", dark: "#161513" } as const;
export type Colour = keyof typeof COLOURS;

export interface Mark {
  tool: Exclude<Tool, "text">;
  colour: Colour;
  /** All of a pen's line; of the others the first and the last. */
  points: Point[];
}

export interface Label {
  tool: "text";
  colour: Colour;
  at: Point;
  text: string;
}

export type Shape = Mark | Label;

const CLOSE = 3; // pixels between two points of a line that are worth keeping
const HEAD = 5; // of an arrow, in widths of its line

export function beginMark(tool: Mark["tool"], colour: Colour, at: Point): Mark {
  return { tool, colour, points: [at] };
}

export function extendMark(mark: Mark, to: Point): Mark {
  const { tool, points } = mark;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return mark;
  if (tool !== "pen") return { ...mark, points: [first, to] };
  return Math.hypot(to.x - last.x, to.y - last.y) < CLOSE ? mark : { ...mark, points: [...points, to] };
}

/** A mere click leaves nothing that could be seen. */
export function isVisible(shape: Shape): boolean {
  return shape.tool === "text" ? shape.text.trim() !== "" : shape.points.length > 1;
}

export function boundsOf(points: Point[]): Box {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** What the shapes are about, as boxes: an arrow means what it leads to. Labels count where nothing else is drawn. */
export function targetsOf(shapes: Shape[]): Box[] {
  const marks = shapes.filter((shape) => shape.tool !== "text");
  if (marks.length === 0) return shapes.flatMap((shape) => (shape.tool === "text" ? [spot(shape.at)] : []));
  return marks.map(({ tool, points }) => {
    const head = points.at(-1);
    return tool === "arrow" && head ? spot(head) : boundsOf(points);
  });
}

export function wordsOf(shapes: Shape[]): string {
  return shapes.flatMap((shape) => (shape.tool === "text" ? [shape.text.trim()] : [])).join("\n");
}

export function scaleBox({ x, y, width, height }: Box, by: number): Box {
  return { x: x * by, y: y * by, width: width * by, height: height * by };
}

function spot({ x, y }: Point): Box {
  return { x, y, width: 0, height: 0 };
}

/** `unit` is the width of a line. */
export function paint(context: CanvasRenderingContext2D, shape: Shape, unit: number): void {
  context.strokeStyle = context.fillStyle = COLOURS[shape.colour];
  context.lineWidth = unit;
  context.lineCap = context.lineJoin = "round";
  if (shape.tool === "text") paintLabel(context, shape, unit);
  else if (shape.tool === "box") paintBox(context, boundsOf(shape.points));
  else paintLine(context, shape, unit);
}

function paintLine(context: CanvasRenderingContext2D, { tool, points }: Mark, unit: number): void {
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, y);
  const [from, to] = [points.at(-2), points.at(-1)];
  if (tool === "arrow" && from && to) {
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    for (const side of [-0.5, 0.5]) {
      context.moveTo(to.x, to.y);
      context.lineTo(
        to.x - HEAD * unit * Math.cos(angle + side),
        to.y - HEAD * unit * Math.sin(angle + side),
      );
    }
  }
  context.stroke();
}

function paintBox(context: CanvasRenderingContext2D, { x, y, width, height }: Box): void {
  context.strokeRect(x, y, width, height);
}

/** On a ground of its own, so that it can be read over anything. */
function paintLabel(context: CanvasRenderingContext2D, { at, text }: Label, unit: number): void {
  const size = 6 * unit;
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  const { width } = context.measureText(text);
  const ink = context.fillStyle;
  context.fillStyle = "#ffffffe6";
  context.fillRect(at.x - unit, at.y - size * 0.7, width + 2 * unit, size * 1.4);
  context.fillStyle = ink;
  context.fillText(text, at.x, at.y);
}
