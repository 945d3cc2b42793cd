/* Compiles <script type="text/babel"> and its like in the page, with Babel from the shelf. */
const shelf = "__SHELF__";
const kinds = ["text/babel", "text/jsx", "text/tsx", "text/typescript", "application/tsx"];

function importMap() {
  const imports = {};
  for (const element of document.querySelectorAll('script[type="importmap"]')) {
    try {
      Object.assign(imports, JSON.parse(element.textContent).imports);
    } catch {
      /* the browser reports it */
    }
  }
  return imports;
}

function addressOf(specifier, imports) {
  if (/^(?:[./]|[a-z][a-z0-9+.-]*:)/i.test(specifier) || specifier in imports) return specifier;
  if (Object.keys(imports).some((key) => key.endsWith("/") && specifier.startsWith(key))) return specifier;
  const name = specifier.match(/^(?:@[^/]+\/)?[^/]+/)[0];
  const rest = specifier.slice(name.length);
  const base = imports[name];
  if (base && !/\.[mc]?js$/.test(base)) return base.replace(/(\?|$)/, `${rest}$1`);
  return `${shelf}/esm/${name}@latest${rest}`;
}

function rewriting(imports) {
  const change = (node) => {
    if (node && typeof node.value === "string") node.value = addressOf(node.value, imports);
    if (node) delete node.extra;
  };
  const visit = (path) => change(path.node.source);
  return () => ({
    visitor: {
      Program: {
        exit(program) {
          program.traverse({
            ImportDeclaration: visit,
            ExportNamedDeclaration: visit,
            ExportAllDeclaration: visit,
            ImportExpression: visit,
            CallExpression(path) {
              if (path.node.callee.type === "Import") change(path.node.arguments[0]);
            },
          });
        },
      },
    },
  });
}

function loadBabel() {
  return new Promise((resolve, reject) => {
    if (globalThis.Babel) return resolve();
    const script = document.createElement("script");
    script.src = `${shelf}/npm/@babel/standalone@7/babel.min.js`;
    script.onload = resolve;
    script.onerror = () => reject(new Error("The compiler for JSX is not on the library shelf."));
    document.head.append(script);
  });
}

async function source(element) {
  if (!element.src) return element.textContent;
  const response = await fetch(element.src);
  if (!response.ok) throw new Error(`${element.src} answered ${response.status}.`);
  return response.text();
}

async function run() {
  const elements = [...document.querySelectorAll("script")].filter((element) => kinds.includes(element.type));
  if (!elements.length) return;
  const imports = importMap();
  await loadBabel();
  for (const [index, element] of elements.entries()) {
    const { code } = globalThis.Babel.transform(await source(element), {
      filename: element.src || `script-${index + 1}.tsx`,
      presets: [
        ["react", { runtime: "automatic" }],
        ["typescript", { isTSX: true, allExtensions: true }],
      ],
      plugins: [rewriting(imports)],
      sourceType: "module",
    });
    const script = document.createElement("script");
    script.type = "module";
    script.textContent = code;
    element.replaceWith(script);
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => run());
else run();
