// e^x, tanh a and ln(1 + u), the same few lines as tp5/compiled/elementary.py: of +, −, ·, / alone,
// which IEEE 754 rounds alike everywhere, in Python's loops and here.

const LOG2_E = 1.4426950408889634;
const LN_2_HIGH = 0.693145751953125, LN_2_LOW = 1.42860682030941723212e-6; // their sum is ln 2
const ROUND = 1.5 * 2 ** 52; // x + ROUND − ROUND is the whole number nearest to x
const bits = new Float64Array(1), halves = new Int32Array(bits.buffer); // little-endian

// e^x = 2^k·e^r for |x| < 700; the polynomials are Cephes'. x + ROUND holds k in its last bits.
function exp(x) {
  const shifted = x * LOG2_E + ROUND;
  const k = shifted - ROUND;
  const r = x - k * LN_2_HIGH - k * LN_2_LOW;
  const rr = r * r;
  const p = r * (1 + rr * (3.02994407707441961300e-2 + rr * 1.26177193074810590878e-4));
  const q = 2 + rr * (2.27265548208155028766e-1 + rr * (2.52448340349684104192e-3 + rr * 3.00198505138664455042e-6));
  bits[0] = shifted;
  halves[1] = (halves[0] + 1023) << 20; // the exponent of 2^k
  halves[0] = 0;
  return (1 + (2 * p) / (q - p)) * bits[0];
}

// ±(1 − e^(−2|a|))/(1 + e^(−2|a|)); ±1 from |a| = 20 on.
function tanh(a) {
  const size = Math.abs(a), e = exp(-2 * (size > 20 ? 20 : size)), t = (1 - e) / (1 + e);
  return a < 0 || Object.is(a, -0) ? -t : t;
}

// By the series of 2·artanh(u/(2 + u)), for 0 ≤ u ≤ 1.
function log1p(u) {
  const s = u / (2 + u), ss = s * s;
  let p = (1 / 35) * ss + 1 / 33;
  for (const odd of [31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3]) p = p * ss + 1 / odd;
  return 2 * s * (p * ss + 1);
}
