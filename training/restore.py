"""The shipped 8-bit network back as a torch module, so that training can go on from it.

The weights are those of the file times their scales, with the smoothing factors of `training.export` taken back out;
what rounding took away stays lost. On 300 pairs the result agrees with the network before rounding as the file does.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.network import Verifier

_LINEAR = re.compile(r"/(?P<layer>layers\.\d+)/(?P<part>\w+)/linear/MatMul_output_0_output_quantized")
_HEAD = "_Transposed_quantized"


def restore(path: Path, pooling: str = "both", dropout: float = 0.1) -> Verifier:
    """The network of a `model.onnx` that `training.export` wrote.

    Raises:
        ValueError: a weight of the network is not in the file.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    stored = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    model = Verifier(pooling=pooling, dropout=dropout)
    state: dict[str, NDArray[np.float32]] = {}
    for name, array in stored.items():
        plain = name.replace(".linear.bias", ".bias")
        if plain in model.state_dict():
            state[plain] = array
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        quantised = node.input[1]
        found = _LINEAR.fullmatch(node.output[0])
        name = f"{found['layer']}.{found['part']}" if found else quantised.removesuffix(f".weight{_HEAD}")
        if found or quantised.endswith(_HEAD):
            base = quantised.removesuffix("_quantized")
            weight = (stored[quantised].astype(np.float32) - stored[f"{base}_zero_point"]) * stored[f"{base}_scale"]
            inverse = stored.get(f"{name}.inverse")
            state[f"{name}.weight"] = weight.T if inverse is None else weight.T * inverse
    missing = model.state_dict().keys() - state.keys()
    if missing:
        raise ValueError(f"{path} lacks {', '.join(sorted(missing)[:5])}")
    model.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in state.items()})
    return model.eval()
