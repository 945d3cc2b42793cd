// Where the middle of what a target names is, in the frame: [x, y], or null. CHECK_TARGET is put in: a CSS selector, or
// the text or name of something to use.
() => {
  const target = CHECK_TARGET;
  const plain = (text) => (text ?? "").trim().replace(/\s+/g, " ").toLowerCase();
  const nameOf = (element) =>
    plain(element.getAttribute("aria-label") || element.innerText || element.value || element.placeholder || element.title);
  const bySelector = () => {
    try {
      return document.querySelector(target);
    } catch {
      return null;
    }
  };
  const usable = [...document.querySelectorAll("CHECK_CONTROLS, a, label, [role], [onclick]")];
  const element =
    usable.find((each) => nameOf(each) === plain(target)) ??
    bySelector() ??
    usable.find((each) => plain(target) && nameOf(each).includes(plain(target)));
  element?.scrollIntoView({ block: "nearest" });
  const box = element?.getBoundingClientRect();
  return box && box.width > 0 ? [box.left + box.width / 2, box.top + box.height / 2] : null;
}
