// Small controls that the rooms of the explorer are furnished with.

function button(text, onclick, title = text) {
  return element("button", { type: "button", onclick, title }, text);
}

// A box that shows and sets a true-or-false trait.
class Switch {
  constructor(place, trait, text, change = (value) => place.set({ [trait]: value })) {
    const box = element("input", { type: "checkbox", checked: place.get(trait), onchange: () => change(box.checked) });
    this.label = element("label", {}, box, ` ${text}`);
    place.listen([trait], () => (box.checked = place.get(trait)));
  }
}

// Which latent dimension an axis of the map shows.
class AxisChoice {
  constructor(place, trait) {
    const options = place.keys.map((_, i) => element("option", { value: i }, `${i + 1}`));
    const select = element("select", { onchange: () => place.set({ [trait]: +select.value }) }, ...options);
    this.label = element("label", {}, `${trait} `, select);
    const show = () => (select.value = place.get(trait));
    place.listen([trait], show);
    show();
  }
}

// The sliders of a page of its own; in a notebook they are ipywidgets.
class Sliders {
  constructor({ place, about }) {
    this.place = place;
    this.inputs = place.keys.map((key, i) => element("input", {
      type: "range", min: -about.limit, max: about.limit, step: 0.01, id: `tp5-${key}`, value: place.get(key),
      oninput: (event) => place.move({ [i]: +event.target.value }),
    }));
    this.names = place.keys.map(() => element("span"));
    const rows = this.inputs.map((input, i) => element("label", {}, this.names[i], input));
    this.element = element("div", { className: "tp5-sliders" }, ...rows);
  }

  draw({ s }) {
    this.inputs.forEach((input, i) => (input.value = s[i]));
    this.names.forEach((name, i) => (name.textContent = `${this.place.names[i]} ${signed(s[i])} `));
  }
}

// What is shown: switches of the picture and of the map, and the way back to the start.
class Switches {
  constructor({ place, about }, reset) {
    const switches = [
      ...(about.binary ? [new Switch(place, "threshold", "black or white")] : []),
      ...(about.n_latent > 1 ? [new Switch(place, "manifold", "pictures under the map")] : []),
      ...(about.n_latent > 1 ? [new Switch(place, "pca", "PCA axes", (pca) => place.setPca(pca))] : []),
      ...(about.n_latent > 2 ? [new AxisChoice(place, "across"), new AxisChoice(place, "upwards")] : []),
      ...(about.can_draw ? [new Switch(place, "draw", "✎ draw")] : []),
    ];
    this.controls = [...switches.map((one) => one.label), button("reset", reset, "back to the start (Home on the map)")];
  }
}
