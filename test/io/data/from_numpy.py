"""Writes from_numpy.json: arrays as NumPy saves them, and their values. Run: python3 from_numpy.py"""

import base64
import io
import json

import numpy as np
from numpy.lib import format as npy

cases = []


def values(x):
    """Row-major; what JSON has no number for as text."""
    return [v if isinstance(v, (bool, int)) or np.isfinite(v) else str(v) for v in x.ravel().tolist()]


def case(name, x, version=None):
    file = io.BytesIO()
    npy.write_array(file, x, version=version)
    cases.append(
        {
            "name": name,
            "dtype": x.dtype.str,
            "shape": list(x.shape),
            "values": values(x),
            "npy": base64.b64encode(file.getvalue()).decode(),
        }
    )


samples = {
    "b1": [True, False, True, True, False, True],
    "u1": [0, 1, 2, 127, 128, 255],
    "i1": [0, 1, -1, 127, -128, -7],
    "u2": [0, 1, 256, 32767, 32768, 65535],
    "i2": [0, 1, -1, 32767, -32768, 258],
    "u4": [0, 1, 65536, 16777217, 2147483647, 7],
    "i4": [0, 1, -1, 2147483647, -2147483648, 66051],
    "u8": [0, 1, 65536, 16777217, 2147483647, 7],
    "i8": [0, 1, -1, 2147483647, -2147483648, 66051],
    "f2": [0.0, -0.5, 65504.0, 5.960464477539063e-08, np.inf, np.nan],
    "f4": [0.0, -0.5, 3.4028234663852886e38, 1e-45, -np.inf, np.nan],
    "f8": [0.1, -0.5, 1.7976931348623157e308, 5e-324, -np.inf, np.nan],
}
for kind, numbers in samples.items():
    for order in "<>":
        case(f"{order}{kind}", np.array(numbers, dtype=order + kind).reshape(2, 3))
case("scalar", np.array(2.5))
case("vector", np.arange(5, dtype="<i4"))
case("empty", np.zeros((0, 3), dtype="<f4"))
case("Fortran order, 2 axes", np.asfortranarray(np.arange(6, dtype="<f4").reshape(2, 3)))
case("Fortran order, 4 axes", np.asfortranarray(np.arange(120, dtype="<i4").reshape(2, 3, 4, 5)))
case("Fortran order, big-endian", np.asfortranarray(np.arange(24, dtype=">f8").reshape(2, 3, 4)))
case("version 2", np.arange(3, dtype="<f8"), version=(2, 0))
case("version 3", np.arange(3, dtype="<f8"), version=(3, 0))

arrays = {"weight": np.arange(6, dtype="<f4").reshape(2, 3), "größe": np.array(7, dtype="<i8"), "zeros": np.zeros((50, 40))}
archives = {}
for name, save in {"stored": np.savez, "deflated": np.savez_compressed}.items():
    file = io.BytesIO()
    save(file, **arrays)
    archives[name] = base64.b64encode(file.getvalue()).decode()

refused = {}
for name, x in {
    "complex": np.zeros(2, dtype=complex),
    "text": np.array(["ab"]),
    "records": np.zeros(1, dtype=[("a", "<f4")]),
    "dates": np.zeros(1, dtype="datetime64[s]"),
    "objects": np.array([None], dtype=object),
    "int64 too large": np.array([2**31]),
    "uint32 too large": np.array([2**32 - 1], dtype="<u4"),
}.items():
    file = io.BytesIO()
    npy.write_array(file, x, allow_pickle=True)
    refused[name] = base64.b64encode(file.getvalue()).decode()

with open("from_numpy.json", "w") as out:
    json.dump({"numpy": np.__version__, "cases": cases, "archives": archives, "refused": refused}, out, indent=1)
    out.write("\n")
