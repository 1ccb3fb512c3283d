// What the explorer saves and loads: the picture, the path as a film, where one is.

function download(explorer, name, blob) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  explorer.message.textContent = `saved ${name}`;
}

// Small pictures grow by a whole number, so that pixels stay pixels.
function enlarge(canvas) {
  const scale = Math.max(1, Math.floor(320 / canvas.height));
  const large = element("canvas", { width: canvas.width * scale, height: canvas.height * scale });
  const pen = large.getContext("2d");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(canvas, 0, 0, large.width, large.height);
  return large;
}

function savePicture(explorer) {
  enlarge(explorer.decoded).toBlob((blob) => download(explorer, "decoded.png", blob));
}

function savePath(explorer) {
  const [height, width] = explorer.about.shape, small = element("canvas", { width, height });
  const steps = 20, frames = [];
  let large;
  for (let k = 0; k <= steps; k++) {
    explorer.paint(small, explorer.decode(explorer.toZ(explorer.onPath(k / steps))), false);
    large = enlarge(small);
    const { data } = large.getContext("2d").getImageData(0, 0, large.width, large.height);
    frames.push(Uint8Array.from({ length: data.length / 4 }, (_, i) => data[4 * i]));
  }
  const film = [...frames, ...frames.slice(1, -1).reverse()];
  const gif = makeGif(film, large.width, large.height, 10);
  download(explorer, "path.gif", new Blob([gif], { type: "image/gif" }));
}

function stateOf(explorer) {
  const points = [explorer.s, explorer.get("a"), explorer.get("b")];
  const [z, a, b] = points.map((s) => explorer.toZ(s));
  return { tp5: "explorer state", model: explorer.about.fingerprint, z, path: [a, b] };
}

function saveState(explorer) {
  const text = JSON.stringify(stateOf(explorer), null, 1);
  download(explorer, "explorer.json", new Blob([text], { type: "application/json" }));
}

function loadState(explorer, text) {
  let state;
  try {
    state = JSON.parse(text);
  } catch {
    state = null;
  }
  const points = Array.isArray(state?.path) ? [state.z, ...state.path] : [];
  const fits = (p) => Array.isArray(p) && p.length === explorer.n && p.every(Number.isFinite);
  if (points.length !== 3 || !points.every(fits))
    return (explorer.message.textContent = "this file holds no explorer state of this latent space; save one first");
  if (state.model !== explorer.about.fingerprint)
    return (explorer.message.textContent = "this state was saved with another model: the same z would decode to something else");
  const [s, a, b] = points.map((z) => explorer.toS(z));
  explorer.set({ ...explorer.asState(s), a, b });
  explorer.message.textContent = "state loaded";
}
