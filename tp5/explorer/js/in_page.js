// The explorer as a page of its own.

const { about, state, weights, arrays } = contentOfPage();
const partOf = async ({ layers, content, bits }) => [layers, unpackWeights(layers, await bytesFrom(content), bits)];
const [[, decoder], codes, pictures] = await Promise.all([partOf(weights.decoder), ...arrays.map(bytesFrom)]);
window.explorer = new Explorer({
  model: new PageModel({ ...state, drawing: state.drawing && (await bytesFrom(state.drawing)) }),
  el: document.getElementById("tp5-here"),
  about,
  arrays: [decoder, new Float32Array(codes), new Uint8Array(pictures)],
  fetchEncoder: () => partOf(weights.encoder),
  ownSliders: true,
});
