/*
 * The gamma function's family and the inverse error function in float64: the same as native/simd/gamma.h, where the sources
 * and bounds stand.
 */

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((y, c) => y * x + c, 0);

const stirlingSeries = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];
const nearTwo = [
  ...[0.42278433509846713, 0.3224670334241132, -0.06735230105319809, 0.020580808427784546, -0.007385551028673986],
  ...[0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939],
  ...[0.00009945751278180853, -0.00004492623673813314, 0.00002050721277567069, -0.000009439488275268397],
  ...[0.000004374866789907488, -0.000002039215753801366, 9.55141213040742e-7, -4.492469198764566e-7],
  ...[2.1207184805554667e-7, -1.00432248239681e-7, 4.7698101693639804e-8, -2.2711094608943164e-8],
  ...[1.0838659214896955e-8, -5.183475041970047e-9, 2.4836745438024785e-9, -1.1921401405860912e-9],
  5.731367241678862e-10,
];
const digammaSeries = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12];
const zetaSeries = [
  ...[1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600],
  -3617 / 10670622842880000,
];

/** log Γ(2 + z) for −½ ≤ z ≤ ½. */
const logGammaNearTwo = (z: number): number => z * polynomial(nearTwo, z);

/** log |Γ(x)|. */
export function lgamma(x: number): number {
  if (x < 0.5) {
    if (x > 0) return logGammaNearTwo(x) - Math.log(x) - Math.log1p(x);
    const sine = Math.sin(Math.PI * (x - Math.round(x)));
    return sine === 0 || x === -Infinity ? Infinity : Math.log(Math.PI / Math.abs(sine)) - lgamma(1 - x);
  }
  if (x < 1.5) return logGammaNearTwo(x - 1) - Math.log(x);
  if (x < 8) {
    let product = 1;
    for (; x > 2.5; product *= x) x -= 1;
    return logGammaNearTwo(x - 2) + Math.log(product);
  }
  const rest = polynomial(stirlingSeries, 1 / (x * x)) / x;
  return (x - 0.5) * (Math.log(x) - 1) + (rest + 0.4189385332046727);
}

/** d log Γ / dx. */
export function digamma(x: number): number {
  if (x === 0) return -1 / x;
  if (x < 0) {
    const r = x - Math.round(x);
    return r === 0 || x === -Infinity ? Number.NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * r);
  }
  let below = 0;
  for (; x < 10; x += 1) below += 1 / x;
  const z = 1 / (x * x);
  return Math.log(x) - 0.5 / x - z * polynomial(digammaSeries, z) - below;
}

/** Hurwitz's ζ(s, x) for whole s ≥ 2 and x > 0. */
function zeta(s: number, x: number): number {
  let sum = 0;
  for (; x < s + 10; x += 1) sum += x ** -s;
  let factor = s / x;
  let rest = 0.5;
  zetaSeries.forEach((coefficient, j) => {
    rest += coefficient * factor;
    factor *= ((s + 2 * j + 1) * (s + 2 * j + 2)) / (x * x);
  });
  return sum + x ** (1 - s) * (1 / (s - 1) + rest / x);
}

/** The derivative of digamma of an order ≥ 1. */
export function polygamma(order: number, x: number): number {
  const s = order + 1;
  const sign = order % 2 === 1 ? 1 : -1;
  let factorial = sign;
  for (let i = 2; i <= order; i++) factorial *= i;
  if (x > 0) return factorial * zeta(s, x);
  if (Number.isNaN(x) || x === -Infinity) return Number.NaN;
  const beyond = -x - Math.floor(-x);
  if (beyond === 0) return sign * Infinity;
  return factorial * (zeta(s, 1 - beyond) + sign * (zeta(s, beyond) - zeta(s, 1 - x)));
}

const [a, b, c, d, e, f] = [
  [
    ...[3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946],
    ...[45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227],
  ],
  [
    ...[1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597],
    ...[39307.89580009271, 28729.085735721943, 5226.495278852854],
  ],
  [
    ...[1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045],
    ...[1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414],
  ],
  [
    ...[1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008],
    ...[0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9],
  ],
  [
    ...[6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487],
    ...[0.026532189526576124, 0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7],
  ],
  [
    ...[1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133],
    ...[0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15],
  ],
];

/** The z with erf z = x. */
export function erfinv(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude <= 0.85) {
    const r = 0.180625 - 0.25 * x * x;
    return Math.SQRT1_2 * 0.5 * x * (polynomial(a, r) / polynomial(b, r));
  }
  if (magnitude >= 1) return magnitude === 1 ? x * Infinity : Number.NaN;
  const r = Math.sqrt(-Math.log(0.5 * (1 - magnitude)));
  const z = r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5) / polynomial(f, r - 5);
  return Math.sign(x) * Math.SQRT1_2 * z;
}

const enough = 1e-15;

/** ∂x/∂a of the quantile x of the gamma distribution of concentration a. */
export function gammaSlope(a: number, x: number): number {
  if (!(a > 0 && x >= 0 && a < Infinity && x < Infinity)) return Number.NaN;
  if (x === 0) return 0;
  if (a > 1e4) {
    const root = Math.sqrt(a);
    const w = (x - a) / root;
    let z = w;
    for (let i = 0; i < 3; i++) z = w - (z * z - 1) / (3 * root) - (z * (z * z - 7)) / (36 * a);
    return 1 + z / (2 * root) - (z * (z * z - 7)) / (72 * a * root);
  }
  return x <= a + 1 ? slopeBySeries(a, x) : slopeByFraction(a, x);
}

function slopeBySeries(a: number, x: number): number {
  const logX = Math.log(x);
  let term = x / a;
  let psi = digamma(a + 1);
  let sum = 0;
  for (let k = 1; ; k++) {
    const part = term * (psi - logX);
    sum += part;
    if (!(part < 0 || part > enough * sum)) return sum;
    psi += 1 / (a + k);
    term *= x / (a + k);
  }
}

function slopeByFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let d = 1 / b;
  let dSlope = d * d;
  let h = d;
  let hSlope = dSlope;
  let c = 1e300;
  let cSlope = 0;
  for (let i = 1; i < 1e5; i++) {
    const numerator = -i * (i - a);
    b += 2;
    dSlope = i * d + numerator * dSlope - 1;
    d = 1 / (numerator * d + b);
    dSlope *= -d * d;
    cSlope = i / c - (numerator * cSlope) / (c * c) - 1;
    c = b + numerator / c;
    const step = c * d;
    const stepSlope = cSlope * d + c * dSlope;
    hSlope = hSlope * step + h * stepSlope;
    h *= step;
    if (!(Math.abs(step - 1) > enough || Math.abs(stepSlope) > enough)) break;
  }
  return x * (h * (Math.log(x) - digamma(a)) + hSlope);
}
