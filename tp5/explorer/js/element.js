// Two small tools of the widgets: to make elements, and to ask the kernel.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = ["svg", "g", "path", "polyline", "line", "rect", "text", "circle", "title"];

function element(tag, attributes = {}, ...children) {
  const svg = SVG_TAGS.includes(tag);
  const node = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.startsWith("aria")) node.setAttribute(name.replace(/^aria-?/, "aria-").toLowerCase(), value);
    else if (!svg && name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  // Keys belong to what has the focus, not to JupyterLab's list of cells; the mark must stand on
  // the focused element itself.
  if (node.tabIndex >= 0) node.dataset.lmSuppressShortcuts = "true";
  node.append(...children);
  return node;
}

// Weights and data are no traits, which a saved notebook would hold: a view asks for them. Returns
// `expect`, to be called whenever an answer is due; if none comes, the view says what to do.
function askKernel(model, el, hear) {
  const asleep = element("p", { className: "tp5-asleep", role: "status", hidden: true },
    "Waiting for the kernel. If it is idle: run this cell to bring it to life.");
  el.append(asleep);
  let timer;
  const expect = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (asleep.hidden = false), 1500);
  };
  const listen = (message, buffers) => {
    clearTimeout(timer);
    asleep.hidden = true;
    hear(message, buffers ?? []);
  };
  model.on("msg:custom", listen);
  expect();
  model.send({ kind: "ask" });
  const stop = () => (clearTimeout(timer), model.off("msg:custom", listen));
  return { expect, stop };
}

// A buffer of a message as an array of numbers: its bytes may begin at an odd place.
const numbers = (view, Kind = Float32Array) =>
  new Kind(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
