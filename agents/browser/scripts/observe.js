// Runs before everything else in the frame: counts what a page does, and changes none of it.
(() => {
  if (window === window.top) return;
  const INPUT = /^(click|dblclick|mouse(down|up|move)|pointer(down|up|move)|key(down|up|press)|touch(start|move|end)|input|change|submit|drag.*|drop)$/;
  const seen = { listeners: {}, frames: 0, longTasks: 0, sound: false };
  Object.defineProperty(window, "__playgroundCheck", { value: seen, enumerable: false });

  // The prelude, the page's first script, listens too: it is ours.
  const isOurs = () => document.currentScript?.dataset?.shelf !== undefined;
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function addEventListener(type, ...rest) {
    if (INPUT.test(type) && !isOurs()) seen.listeners[type] = (seen.listeners[type] ?? 0) + 1;
    return add.call(this, type, ...rest);
  };
  const request = window.requestAnimationFrame;
  window.requestAnimationFrame = function requestAnimationFrame(callback) {
    seen.frames += 1;
    return request.call(window, callback);
  };
  for (const name of ["AudioContext", "webkitAudioContext"]) {
    const Native = window[name];
    if (!Native) continue;
    window[name] = class extends Native {
      constructor(...args) {
        super(...args);
        seen.sound = true;
      }
    };
  }
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    seen.sound = true;
    return play.call(this);
  };
  try {
    new PerformanceObserver((list) => {
      seen.longTasks += list.getEntries().length;
    }).observe({ type: "longtask", buffered: true });
  } catch {}
})();
