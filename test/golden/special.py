"""mpmath's values of special functions: python3 test/golden/special.py > test/golden/data/special.json"""
import json
import random
import struct

import mpmath
from mpmath import mpf

mpmath.mp.dps = 50
random.seed(1)


def exact(x):
    """A number that float32 holds."""
    return struct.unpack("f", struct.pack("f", x))[0]


def between(low, high, count):
    return [exact(random.uniform(low, high)) for _ in range(count)]


def scales(low, high, count):
    return [exact(10 ** random.uniform(low, high)) for _ in range(count)]


def beside(x):
    """To both sides of a number, near and nearer."""
    return [exact(x + sign * 10**-i) for sign in (-1, 1) for i in range(1, 7)]


def gamma_slope(a, x):
    """−∂P/∂a / (∂P/∂x), P the regularised incomplete gamma function."""
    a, x = mpf(a), mpf(x)
    slope = mpmath.diff(lambda t: mpmath.gammainc(t, 0, x, regularized=True), a)
    return -slope / (x ** (a - 1) * mpmath.exp(-x) / mpmath.gamma(a))


positive = between(0.001, 14, 40) + scales(-8, 15, 25) + beside(1) + beside(2)
negative = between(-30, 0, 30)
# Of each concentration draws from the middle to far out.
draws = [(a, exact(max(random.gammavariate(a, 1), 1e-6))) for a in scales(-2, 2.5, 60)]
draws += [(a, exact(a + k * a**0.5)) for a in (0.5, 1.0, 7.25, 200.0) for k in (1, 3, 6)]

functions = {
    "lgamma": (lambda x: mpmath.log(abs(mpmath.gamma(mpf(x)))) if x < 1e6 else mpmath.loggamma(mpf(x)), positive + negative),
    "digamma": (lambda x: mpmath.psi(0, mpf(x)), positive + negative),
    "erfinv": (lambda x: mpmath.erfinv(mpf(x)), between(-1, 1, 40) + scales(-8, -1, 15) + beside(1)[:6]),
    **{
        f"polygamma {n}": (lambda x, n=n: mpmath.psi(n, mpf(x)), between(0.001, 14, 12) + scales(-3, 6, 10) + between(-9, 0, 8))
        for n in (1, 2, 3, 8)
    },
}
cases = [
    {"name": name, "x": xs, "value": [float(f(x)) for x in xs]} for name, (f, xs) in functions.items()
]
slopes = [float(gamma_slope(a, x)) for a, x in draws]
cases.append({"name": "standardGammaGradient", "a": [a for a, _ in draws], "x": [x for _, x in draws], "value": slopes})
print(json.dumps({"mpmath": mpmath.__version__, "cases": cases}, indent=1))
