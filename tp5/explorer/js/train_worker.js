// A worker trains some runs of a training, an epoch of each after the other, and tells of them a dozen
// times a second. elementary.js and train.js are above; the page writes `onmessage` jobs.

const TELL = 80; // ms between two words
const TURN = 40; // ms of work between two looks at what has been asked for meanwhile

// xoshiro128** (Blackman & Vigna 2018), seeded by splitmix32: the page's own dice. Not NumPy's, so a
// seed here is another training than the same seed in Python.
function dice(seed) {
  const mix = () => {
    seed = (seed + 0x9e3779b9) | 0;
    let x = Math.imul(seed ^ (seed >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return x ^ (x >>> 15);
  };
  let [a, b, c, d] = [mix(), mix(), mix(), mix()];
  const rotate = (x, k) => (x << k) | (x >>> (32 - k));
  const next = () => {
    const answer = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0, t = b << 9;
    (c ^= a), (d ^= b), (b ^= c), (a ^= d), (c ^= t), (d = rotate(d, 11));
    return answer;
  };
  const uniform = () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992; // in [0, 1)
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const order = (n) => {
    const rows = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(uniform() * (i + 1));
      [rows[i], rows[j]] = [rows[j], rows[i]];
    }
    return rows;
  };
  return { uniform, normal, order };
}

// Starting weights as tp5/networks/initial.py draws them: "uniform", "glorot" or "he".
function startingWeights(network, init, { uniform, normal }) {
  const theta = new Float64Array(network.size), { widths, starts } = network;
  for (let l = 0; l + 1 < widths.length; l++) {
    const n_in = widths[l], n_out = widths[l + 1];
    const biases = init === "uniform" ? n_out : 0;
    for (let k = 0, w = starts[l]; k < n_in * n_out + biases; k++, w++) {
      if (init === "he") theta[w] = Math.fround(Math.sqrt(2 / n_in) * normal());
      else theta[w] = Math.fround((init === "glorot" ? Math.sqrt(6 / (n_in + n_out)) : 1) * (2 * uniform() - 1));
    }
  }
  return theta;
}

let latest = 0; // the job that is wanted

const breath = () => new Promise((done) => {
  const { port1, port2 } = new MessageChannel(); // at once, where a timer would wait
  port1.onmessage = () => (port1.close(), done());
  port2.postMessage(0);
});

async function work({ number, network, rule, lr, epochs, batchSize, init, seed, runs, X }) {
  const samples = X.map((x) => Float64Array.from(x)), natural = samples.map((_, i) => i);
  const rows = [], trainings = runs.map((run) => {
    const rng = dice(1000003 * seed + run), shape = new Network(network);
    const training = new Training(shape, rule, startingWeights(shape, init, rng), samples, batchSize);
    return { rng, training };
  });
  rows.push(trainings.map(({ training }) => training.meanLoss()));
  let told = performance.now(), turn = told;
  for (let epoch = 0; epoch < epochs; epoch++) {
    rows.push(trainings.map(({ rng, training }) =>
      training.epoch(batchSize >= samples.length ? natural : rng.order(samples.length), lr)));
    const now = performance.now();
    if (now - told > TELL && epoch + 1 < epochs) tell(false), (told = now);
    if (now - turn < TURN) continue;
    await breath();
    if (latest !== number) return;
    turn = performance.now();
  }
  tell(true);

  function tell(ended) {
    const last = rows[rows.length - 1].map((loss) => (Number.isFinite(loss) ? loss : Infinity));
    const best = last.indexOf(Math.min(...last));
    const codes = samples.map((x) => trainings[best].training.code(x, network.latent));
    postMessage({ number, runs, rows, best: last[best], codes, ended });
  }
}

onmessage = ({ data }) => {
  latest = data.number;
  if (data.network) work(data);
};
