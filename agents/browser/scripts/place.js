// Where the middle of a control is, in the frame: [x, y], or null. CHECK_INDEX is put in.
() => {
  const element = document.querySelectorAll("CHECK_CONTROLS")[CHECK_INDEX];
  const box = element?.getBoundingClientRect();
  return box && box.width > 0 ? [box.left + box.width / 2, box.top + box.height / 2] : null;
}
