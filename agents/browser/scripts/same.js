// Chance and time that are the same every time. CHECK_SEED is put in.
(() => {
  let state = CHECK_SEED;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  Math.random = next;
  Crypto.prototype.getRandomValues = (array) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = next() * 256;
    return array;
  };
  Crypto.prototype.randomUUID = () => {
    const hex = Array.from({ length: 32 }, () => Math.floor(next() * 16).toString(16)).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };

  // The clock that stands still counts from when it was installed, which differs from page to page.
  const begun = Date.now();
  const now = () => Date.now() - begun;
  Performance.prototype.now = now;
  performance.now = now;
  const { setTimeout, clearTimeout } = window;
  window.requestAnimationFrame = (callback) => setTimeout(() => callback(now()), 16 - (now() % 16));
  window.cancelAnimationFrame = clearTimeout;
})();
