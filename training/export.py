"""Trained weights to the files that ship: ONNX, int8, temperature and configuration."""

from __future__ import annotations

import copy
import hashlib
import json
import logging
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from factcheck.entail import LABELS, MAX_TOKENS, EntailmentModel, PairEncoder
from factcheck.packaged import CONTAINER_SHA256, MODEL_NAME, PackagedEncoder
from training.network import Verifier

NAME = "factcheck-verifier"
OPSET = 17
SMOOTHING_PAIRS = 64
SMOOTHING = 0.65
AGREEMENT_PAIRS = 300


def export(
    model: Verifier,
    directory: Path,
    *,
    version: str,
    data_sha256: str,
    calibration: Sequence[tuple[str, str]],
    labels: NDArray[np.int64],
) -> dict[str, Any]:
    """Write `model.onnx` (int8) and `config.json`.

    Args:
        model: trained, on the processor.
        directory: where the files go.
        version: of the verifier.
        data_sha256: digest of the training rows.
        calibration: held-out (claim, evidence) pairs that the temperature is fitted on.
        labels: their label numbers.

    Returns:
        The temperature, the share of calibration pairs on which int8 and float32 agree, the largest difference of a
        probability, and the size in bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / "model.onnx"
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "float32.onnx"
        write_onnx(smoothed(model, calibration[:: max(1, len(calibration) // SMOOTHING_PAIRS)]), plain)
        quantise(plain, target)
    config: dict[str, Any] = {
        "name": NAME,
        "version": version,
        "labels": list(LABELS),
        "max_tokens": MAX_TOKENS,
        "temperature": 1.0,
        "base": MODEL_NAME,
        "base_sha256": CONTAINER_SHA256,
        "data_sha256": data_sha256,
        "model_sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
    }
    _write_config(directory, config)
    quantised = EntailmentModel.load(directory).logits(calibration)
    config["temperature"] = round(temperature(quantised, labels), 4)
    _write_config(directory, config)
    full = torch_logits(model, calibration[:AGREEMENT_PAIRS])
    quantised = quantised[:AGREEMENT_PAIRS]
    agreement = float((quantised.argmax(1) == full.argmax(1)).mean())
    return {
        "temperature": config["temperature"],
        "agreement": agreement,
        "largest_difference": float(np.abs(_softmax(quantised) - _softmax(full)).max()),
        "mean_difference": float(np.abs(_softmax(quantised) - _softmax(full)).mean()),
        "bytes": target.stat().st_size,
    }


def write_onnx(model: Verifier, path: Path) -> None:
    """The network as float32 ONNX with dynamic batch and length."""
    model.eval()
    vectors = torch.zeros(2, 8, model.position.embedding_dim)
    marks = torch.tensor([[3, 0, 0, 3, 11, 8, 8, 11]] * 2)
    axes = {0: "pairs", 1: "tokens"}
    names = ["inputs_embeds", "marks", "attention_mask"]
    torch.onnx.export(
        model,
        (vectors, marks, torch.ones(2, 8, dtype=torch.int64)),
        str(path),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={name: axes for name in names} | {"logits": {0: "pairs"}},
        opset_version=OPSET,
        dynamo=False,
    )


class Smoothed(nn.Module):
    """A linear layer whose inputs are divided, and whose weights are multiplied, by a factor for each channel."""

    def __init__(self, linear: nn.Linear, factors: Tensor) -> None:
        super().__init__()
        self.register_buffer("inverse", 1.0 / factors)
        self.linear = nn.Linear(linear.in_features, linear.out_features)
        self.linear.weight.data = linear.weight.data * factors
        self.linear.bias.data = linear.bias.data

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x * self.inverse)


def smoothed(model: Verifier, pairs: Sequence[tuple[str, str]]) -> Verifier:
    """The same network with large input channels moved into the weights (SmoothQuant, Xiao et al. 2023,
    arXiv:2211.10438), so that one 8-bit scale fits all activations of a layer.
    """
    largest: dict[str, Tensor] = {}

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def note(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            seen = inputs[0].abs().flatten(0, -2).amax(0)
            largest[name] = torch.maximum(largest[name], seen) if name in largest else seen

        return note

    names = [name for name, part in model.named_modules() if isinstance(part, nn.Linear) and name.startswith("layers")]
    hooks = [model.get_submodule(name).register_forward_pre_hook(watch(name)) for name in names]
    torch_logits(model, pairs)
    for hook in hooks:
        hook.remove()
    result = copy.deepcopy(model)
    for name in names:
        linear = model.get_submodule(name)
        assert isinstance(linear, nn.Linear)
        weights = linear.weight.data.abs().amax(0).clamp(min=1e-4)
        factors = largest[name].clamp(min=1e-4) ** SMOOTHING / weights ** (1 - SMOOTHING)
        owner, _, attribute = name.rpartition(".")
        setattr(result.get_submodule(owner), attribute, Smoothed(linear, (factors / factors.mean()).clamp(min=1e-3)))
    return result


def quantise(source: Path, target: Path) -> None:
    """Dynamic int8 with a scale for each column of weights; 7 bits of them, lest older processors overflow."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    logging.getLogger().setLevel(logging.ERROR)
    prepared = target.with_suffix(".prepared.onnx")
    try:
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(
            str(prepared),
            str(target),
            op_types_to_quantize=["MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
    finally:
        prepared.unlink(missing_ok=True)


def torch_logits(model: Verifier, pairs: Sequence[tuple[str, str]], size: int = 32) -> NDArray[np.float32]:
    """Logits of the float32 network, for comparison."""
    encoder = PackagedEncoder()
    encoded = PairEncoder(encoder.tokenizer(), MAX_TOKENS).encode(pairs)
    order = np.argsort([len(pair.ids) for pair in encoded], kind="stable")
    logits = np.zeros((len(pairs), len(LABELS)), np.float32)
    model.eval()
    with torch.no_grad():
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            longest = max(len(encoded[row].ids) for row in rows)
            ids, marks, mask = (np.zeros((len(rows), longest), np.int64) for _ in range(3))
            for at, row in enumerate(rows):
                length = len(encoded[row].ids)
                ids[at, :length], marks[at, :length], mask[at, :length] = encoded[row].ids, encoded[row].marks, 1
            inputs = (encoder.word_vectors(ids), marks, mask)
            logits[rows] = model(*(torch.from_numpy(array) for array in inputs)).numpy()
    return logits


def temperature(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """The temperature with the lowest negative log likelihood (Guo et al. 2017), by golden-section search."""
    low, high = 0.3, 5.0
    ratio = (5**0.5 - 1) / 2
    for _ in range(60):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if _loss(logits / left, labels) < _loss(logits / right, labels):
            high = right
        else:
            low = left
    return (low + high) / 2


def _loss(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    return float(-np.log(_softmax(logits)[np.arange(len(labels)), labels] + 1e-9).mean())


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float32)


def _write_config(directory: Path, config: Mapping[str, Any]) -> None:
    (directory / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
