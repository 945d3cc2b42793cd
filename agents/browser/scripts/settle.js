// Before twins are compared: what only the input itself has moved is put back, and what moves by itself is held.
() => {
  document.activeElement?.blur?.();
  window.scrollTo(0, 0);
  for (const animation of document.getAnimations()) {
    const { iterations } = animation.effect?.getComputedTiming() ?? {};
    try {
      if (animation instanceof CSSTransition || iterations !== Number.POSITIVE_INFINITY) animation.finish();
      else {
        animation.pause();
        animation.currentTime = 0;
      }
    } catch {}
  }
  return document.body?.innerText ?? "";
}
