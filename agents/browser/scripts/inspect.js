// What the document holds. Runs in the frame, once it has settled.
() => {
  const CONTROLS = "CHECK_CONTROLS";
  const HANDLERS = ["onclick", "onmousedown", "onmousemove", "onpointerdown", "onkeydown", "onkeyup", "onkeypress", "ontouchstart"];
  const MOST = 5;
  const root = document.documentElement;
  const isShown = (box) =>
    box.width >= 2 && box.height >= 2 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  const isVisible = (element) =>
    element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) ?? true;
  const clean = (text) => String(text ?? "").replace(/\s+/g, " ").trim().slice(0, 60);
  const nameOf = (element) =>
    clean(
      element.getAttribute("aria-label") ||
        [...(element.labels ?? [])].map((label) => label.innerText).join(" ") ||
        (element.getAttribute("aria-labelledby") ?? "").split(/\s+/).map((id) => (id && document.getElementById(id)?.innerText) || "").join(" ").trim() ||
        element.innerText ||
        element.querySelector?.("img[alt]")?.alt ||
        element.title ||
        element.placeholder ||
        (["submit", "button", "reset"].includes(element.type) ? element.value || element.type : ""),
    );
  const kindOf = (element) => {
    const type = (element.getAttribute("type") ?? "").toLowerCase();
    if (element.localName === "select") return "choice";
    if (element.localName === "textarea" || element.isContentEditable) return "text";
    if (element.localName !== "input") return "button";
    if (["checkbox", "radio"].includes(type)) return "toggle";
    if (type === "range") return "range";
    return ["button", "submit", "reset", "image", "color", "file"].includes(type) ? "button" : "text";
  };

  const all = [...document.querySelectorAll(CONTROLS)];
  const usable = all
    .map((element, index) => ({ element, index, box: element.getBoundingClientRect() }))
    .filter(({ element, box }) => isShown(box) && isVisible(element) && !element.disabled && element.type !== "file");
  // What is pressed comes before what is filled in.
  const pressed = ({ element }) => (kindOf(element) === "button" ? 0 : 1);
  const controls = usable
    .sort((one, other) => pressed(one) - pressed(other) || one.index - other.index)
    .slice(0, MOST)
    .map(({ element, index }) => ({ index, kind: kindOf(element), name: nameOf(element) || element.localName }));

  const listeners = { ...(window.__playgroundCheck?.listeners ?? {}) };
  const holders = [window, document, ...document.querySelectorAll("*")].slice(0, 5000);
  for (const handler of HANDLERS) {
    if (holders.some((holder) => typeof holder[handler] === "function")) listeners[handler.slice(2)] ??= 1;
  }

  const surfaces = [...document.querySelectorAll("canvas,svg")]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ element, box }) => {
      if (!isShown(box) || !isVisible(element) || element.ownerSVGElement) return false;
      return box.width * box.height >= 0.02 * innerWidth * innerHeight;
    })
    .map(({ element, box }) => ({
      tag: element.localName,
      left: Math.max(0, Math.round(box.left) + 2),
      top: Math.max(0, Math.round(box.top) + 2),
      right: Math.min(innerWidth, Math.round(box.right) - 2),
      bottom: Math.min(innerHeight, Math.round(box.bottom) - 2),
    }))
    .filter(({ left, top, right, bottom }) => right > left && bottom > top);

  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = "#000";
    pixel.fillStyle = colour;
    pixel.fillRect(0, 0, 1, 1);
    return [...pixel.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([red, green, blue]) => {
    const linear = [red, green, blue].map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  /** Where a picture lies behind the text nobody can say. */
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      const colour = rgba(style.backgroundColor);
      if (colour[3] === 255) return colour;
      if (colour[3] > 0) return null;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches && /dark/.test(getComputedStyle(root).colorScheme) ? null : [255, 255, 255, 255];
  };
  const isFaint = ({ element, size }) => {
    const style = getComputedStyle(element);
    const ground = groundOf(element);
    const ink = rgba(style.color);
    if (!ground || ink[3] < 255 || style.backgroundClip === "text" || style.textShadow !== "none") return false;
    const [light, dark] = [luminance(ink), luminance(ground)].sort((one, other) => other - one);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    return (light + 0.05) / (dark + 0.05) < (isLarge ? 3 : 4.5);
  };
  const texts = [...document.querySelectorAll("body *")]
    .slice(0, 5000)
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1))
    .filter((element) => isShown(element.getBoundingClientRect()) && isVisible(element))
    .map((element) => ({ element, size: Number.parseFloat(getComputedStyle(element).fontSize) }))
    .sort((one, other) => other.size - one.size)
    .slice(0, 20);

  const seen = window.__playgroundCheck ?? { frames: 0, longTasks: 0, sound: false };
  const words = document.body?.innerText ?? "";
  return {
    text: words.replace(/\s+/g, " ").trim().slice(0, 400),
    text_length: words.replace(/\s+/g, "").length,
    title: document.title.trim() !== "",
    language: (root.getAttribute("lang") ?? "").trim() !== "",
    controls,
    unnamed: usable.filter(({ element }) => nameOf(element) === "").length,
    small: usable.filter(({ box, element }) => Math.min(box.width, box.height) < 24 && kindOf(element) === "button").length,
    images: [...document.images].filter((image) => !image.hasAttribute("alt")).length,
    faint: texts.filter(isFaint).length,
    surfaces,
    listeners: Object.keys(listeners),
    frames: seen.frames,
    long_tasks: seen.longTasks,
    sound: seen.sound,
    ready: Math.round(performance.getEntriesByType("navigation")[0]?.domContentLoadedEventEnd ?? 0),
    heap: performance.memory ? Math.round(performance.memory.usedJSHeapSize / 1048576) : null,
    overflow: Math.max(0, root.scrollWidth - root.clientWidth),
  };
}
