/* Stands first in an exported page, and in its workers: gives them the files that the page used to ask a server for. */
(function boot(pack) {
  const isPage = typeof document !== "undefined";
  const entry = pack.page + pack.entry;
  const here = isPage ? new URL(".", document.baseURI).href : null;
  const inStyle = /url\(\s*(["']?)([^"')]+)\1\s*\)/g;

  function find(input) {
    if (!input) return null;
    const text = String(input.url ?? input.href ?? input);
    if (/^(?:data|blob):/i.test(text) || text.startsWith("#")) return null;
    try {
      let url = new URL(text, entry);
      if (here && url.href.startsWith(here)) url = new URL(url.href.slice(here.length), entry);
      url.hash = "";
      return pack.files[url.href] ?? pack.files[url.origin + url.pathname] ?? null;
    } catch {
      return null;
    }
  }

  function content(file) {
    return file.text ?? Uint8Array.from(atob(file.data), (character) => character.charCodeAt(0));
  }

  function address(input) {
    const file = find(input);
    if (!file) return input;
    file.address ??= URL.createObjectURL(new Blob([content(file)], { type: file.mime }));
    return file.address;
  }

  function restyle(text) {
    return text.replace(inStyle, (all, _quote, url) => (find(url) ? `url("${address(url)}")` : all));
  }

  /* What a script asks for. */
  const ask = self.fetch;
  self.fetch = async function fetch(input, init) {
    const method = init?.method ?? input?.method ?? "GET";
    const file = /^(?:get|head)$/i.test(method) ? find(input) : null;
    if (!file) return ask.call(self, input, init);
    const answer = new Response(content(file), { headers: { "Content-Type": file.mime } });
    Object.defineProperty(answer, "url", { value: new URL(String(input.url ?? input), entry).href });
    return answer;
  };
  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    return open.call(this, method, address(url), ...rest);
  };

  /* Workers get all this, too. */
  function program(file) {
    const own = { ...pack, modules: [], entry: file.path };
    return new Blob([`(${boot})(${JSON.stringify(own)});\n`, file.bundle ?? content(file)], { type: "text/javascript" });
  }
  for (const name of ["Worker", "SharedWorker"]) {
    if (!self[name]) continue;
    self[name] = new Proxy(self[name], {
      construct(target, [url, options]) {
        const file = find(url);
        if (!file) return Reflect.construct(target, [url, options]);
        // From disk, browsers load no module into a worker: what it imports is bundled with it.
        const kind = typeof options === "string" ? { name: options } : options;
        return Reflect.construct(target, [URL.createObjectURL(program(file)), { ...kind, type: "classic" }]);
      },
    });
  }
  if (self.importScripts) {
    const load = self.importScripts;
    self.importScripts = (...urls) => load.call(self, ...urls.map(address));
  }
  if (self.Worklet) {
    const add = Worklet.prototype.addModule;
    Worklet.prototype.addModule = function (url, options) {
      return add.call(this, address(url), options);
    };
  }
  if (self.FontFace) {
    self.FontFace = new Proxy(self.FontFace, {
      construct: (target, [family, source, ...rest]) =>
        Reflect.construct(target, [family, typeof source === "string" ? restyle(source) : source, ...rest]),
    });
  }
  if (!isPage) return;

  /* What an element loads, however its address came there. */
  for (const [type, name] of [
    [HTMLImageElement, "src"],
    [HTMLMediaElement, "src"],
    [HTMLSourceElement, "src"],
    [HTMLTrackElement, "src"],
    [HTMLScriptElement, "src"],
    [HTMLLinkElement, "href"],
    [HTMLVideoElement, "poster"],
  ]) {
    const property = Object.getOwnPropertyDescriptor(type.prototype, name);
    Object.defineProperty(type.prototype, name, {
      ...property,
      set(value) {
        property.set.call(this, address(value));
      },
    });
  }
  const loading = new Set(["src", "href", "poster", "xlink:href", "data"]);
  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    const loads = loading.has(String(name).toLowerCase()) && !this.matches("a, area, form");
    return setAttribute.call(this, name, loads ? address(value) : value);
  };
  self.Audio = new Proxy(self.Audio, {
    construct: (target, [url]) => Reflect.construct(target, url === undefined ? [] : [address(url)]),
  });
  const elements = "img[src], video[src], video[poster], audio[src], source[src], image[href], [style*='url(']";
  function settle(element) {
    for (const name of ["src", "poster", "href"]) {
      const value = element.getAttribute(name);
      if (value && find(value)) element.setAttribute(name, value);
    }
    const style = element.getAttribute("style");
    const restyled = style && restyle(style);
    if (restyled && restyled !== style) setAttribute.call(element, "style", restyled);
  }
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") settle(change.target);
      for (const node of change.addedNodes) {
        if (node.nodeType !== 1) continue;
        if (node.matches(elements)) settle(node);
        for (const element of node.querySelectorAll(elements)) settle(element);
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["style"] });

  /* Modules, each once, under the names that the others import them by. */
  const imports = {};
  for (const module of pack.modules) {
    const url = URL.createObjectURL(new Blob([module.text], { type: module.mime }));
    for (const name of module.names) imports[name] = url;
  }
  const map = document.createElement("script");
  map.type = "importmap";
  map.textContent = JSON.stringify({ imports });
  document.currentScript.after(map);
})
