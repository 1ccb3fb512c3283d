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

// If no answer comes in good time, the view says what to do.
function asleepNote(el) {
  const note = element("p", { className: "tp5-asleep", role: "status", hidden: true },
    "Waiting for the kernel. If it is idle: run this cell to bring it to life.");
  el.append(note);
  let timer;
  const end = () => (clearTimeout(timer), (note.hidden = true));
  const begin = () => (clearTimeout(timer), (timer = setTimeout(() => (note.hidden = false), 1500)));
  begin();
  return { begin, end };
}

// Weights and data are no traits, which a saved notebook would hold: a view asks for them. Returns
// `expect`, to be called whenever an answer is due.
function askKernel(model, el, hear) {
  const asleep = asleepNote(el);
  const listen = (message, buffers) => {
    asleep.end();
    hear(message, buffers ?? []);
  };
  model.on("msg:custom", listen);
  model.send({ kind: "ask" });
  const nudge = nudger(() => model.send({ kind: "nudge" }));
  const stop = () => (asleep.end(), nudge.end(), model.off("msg:custom", listen));
  return { expect: () => (asleep.begin(), nudge.begin()), stop };
}

const NUDGE = 20, NUDGES = 2; // ms from one to the next, and how many

// A server holds a small message back until its last one is acknowledged (Nagle's algorithm), and
// who has nothing to say acknowledges after 40 ms. So while an answer is due, say something.
function nudger(say) {
  let timer = null, left = 0;
  const end = () => (clearInterval(timer), (timer = null));
  const begin = () => {
    left = NUDGES;
    timer ??= setInterval(() => (left-- > 0 ? say() : end()), NUDGE);
  };
  return { begin, end };
}

// A buffer of a message as an array of numbers: its bytes may begin at an odd place.
const numbers = (view, Kind = Float32Array) =>
  new Kind(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
