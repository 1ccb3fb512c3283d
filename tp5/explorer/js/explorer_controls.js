// The explorer's sliders (in a page of its own), buttons, switches and choices.

function buildSliders(explorer) {
  explorer.sliders = explorer.keys.map((key, i) =>
    element("input", {
      type: "range", min: -explorer.about.limit, max: explorer.about.limit, step: 0.01, id: `tp5-${key}`,
      value: explorer.get(key), oninput: (event) => explorer.move({ [i]: +event.target.value }),
    }),
  );
  explorer.sliderNames = explorer.keys.map((key) => element("span"));
  const rows = explorer.sliders.map((slider, i) => element("label", {}, explorer.sliderNames[i], slider));
  return element("div", { className: "tp5-sliders" }, ...rows);
}

function button(text, onclick, title = text) {
  return element("button", { type: "button", onclick, title }, text);
}

// A switch that shows and sets a true-or-false trait.
function checkbox(explorer, trait, text, change = (value) => explorer.set({ [trait]: value })) {
  const box = element("input", {
    type: "checkbox", checked: explorer.get(trait), onchange: () => change(box.checked),
  });
  explorer.boxes = { ...explorer.boxes, [trait]: box };
  return element("label", {}, box, ` ${text}`);
}

function buildPath(explorer) {
  explorer.time = element("input", {
    type: "range", min: 0, max: 1, step: 0.01, value: explorer.get("t"), ariaLabel: "way from A to B",
    oninput: () => explorer.walkTo(+explorer.time.value),
  });
  explorer.play = button("▶ play", () => (explorer.playing ? explorer.stop() : explorer.start()));
  return element(
    "div",
    { className: "tp5-controls", role: "group", ariaLabel: "path" },
    button("A = here", () => explorer.set({ a: explorer.s }), "begin the path here"),
    button("B = here", () => explorer.set({ b: explorer.s }), "end the path here"),
    element("span", {}, "A ", explorer.time, " B"),
    explorer.play,
    checkbox(explorer, "loop", "there and back"),
  );
}

function buildControls(explorer) {
  const file = element("input", {
    type: "file", accept: ".json,application/json", hidden: true, ariaLabel: "state file",
    onchange: async () => {
      if (file.files.length) loadState(explorer, await file.files[0].text());
      file.value = ""; // the same file may be chosen again
    },
  });
  const choices = ["across", "upwards"].map((trait) => axisChoice(explorer, trait));
  return element(
    "div",
    { className: "tp5-controls", role: "group", ariaLabel: "view and files" },
    ...(explorer.about.binary ? [checkbox(explorer, "threshold", "black or white")] : []),
    ...(explorer.n > 1 ? [checkbox(explorer, "manifold", "pictures under the map")] : []),
    ...(explorer.n > 1 ? [checkbox(explorer, "pca", "PCA axes", (pca) => explorer.setPca(pca))] : []),
    ...(explorer.n > 2 ? choices : []),
    button("reset", () => explorer.reset(), "back to the start (Home on the map)"),
    button("save picture", () => savePicture(explorer), "the decoded picture, a PNG file"),
    button("save path", () => savePath(explorer), "the way from A to B and back, a GIF file"),
    button("save state", () => saveState(explorer), "where z, A and B are, a JSON file"),
    button("load state", () => file.click(), "a JSON file saved before"),
    file,
  );
}

function axisChoice(explorer, trait) {
  const options = explorer.keys.map((_, i) => element("option", { value: i }, `${i + 1}`));
  const select = element(
    "select",
    { onchange: () => explorer.set({ [trait]: +select.value }) },
    ...options,
  );
  explorer.selects = { ...explorer.selects, [trait]: select };
  return element("label", {}, `${trait} `, select);
}
