# SPDX-License-Identifier: Apache-2.0
"""Small classifiers of random weights with self-test cases, for the tests, in float64.

    classifier_references.py FOLDER

Needs Python 3 with NumPy; the product does not. Independent of the Java code: convolutions are
sums over shifted copies, and the layers are what their names say. Writes one bundle for each kind
of normalisation; the source statistics are those of the case's own windows.
"""
import json
import os
import sys

import numpy as np

from adaptation_references import write

BANDS, FRAMES, CLASSES = 6, 21, 3
rng = np.random.default_rng(8)


def draw(*shape, scale=0.5):
    return (scale * rng.standard_normal(shape)).astype(np.float32).astype(float)


def positive(*shape):
    return (0.5 + rng.random(shape)).astype(np.float32).astype(float)


def layers(norm, groups):
    extra = {"groups": groups} if norm == "group_norm" else {}
    return [
        {"type": "standardise", "mean": "feature_mean", "std": "feature_std"},
        {"name": "conv1", "type": "conv1d", "in": BANDS, "out": 8, "kernel": 5, "padding": 2, "bias": False},
        {"name": "n1", "type": norm, "channels": 8, "eps": 1e-5, **extra},
        {"type": "relu"},
        {"type": "max_pool", "size": 2, "stride": 2},
        {"name": "conv2", "type": "conv1d", "in": 8, "out": 12, "kernel": 4, "padding": 1, "bias": True},
        {"name": "n2", "type": norm, "channels": 12, "eps": 1e-3, **extra},
        {"type": "relu"},
        {"type": "max_pool", "size": 3, "stride": 3},
        {"type": "mean_over_time"},
        {"name": "fc", "type": "dense", "in": 12, "out": CLASSES, "bias": True},
    ]


def weights(described):
    w = {"feature_mean": draw(BANDS) + 2, "feature_std": positive(BANDS)}
    for layer in described:
        name, kind = layer.get("name"), layer["type"]
        if kind == "conv1d":
            w[name + ".weight"] = draw(layer["out"], layer["in"], layer["kernel"], scale=0.3)
        if kind == "dense":
            w[name + ".weight"] = draw(layer["out"], layer["in"])
        if layer.get("bias"):
            w[name + ".bias"] = draw(layer["out"])
        if kind.endswith("norm"):
            w |= {name + ".weight": 1 + draw(layer["channels"], scale=0.2), name + ".bias": draw(layer["channels"])}
        if kind == "batch_norm":
            w |= {name + ".running_mean": draw(layer["channels"]), name + ".running_var": positive(layer["channels"])}
    return {k: v.astype(np.float32).astype(float) for k, v in w.items()}


def run(described, w, x):
    """Every named layer's output, for x [windows, bands, frames]."""
    named = {}
    for layer in described:
        name, kind = layer.get("name"), layer["type"]
        if kind == "standardise":
            x = (x - w["feature_mean"][:, None]) / w["feature_std"][:, None]
        elif kind == "conv1d":
            p = np.pad(x, [(0, 0), (0, 0), (layer["padding"],) * 2])
            steps = p.shape[2] - layer["kernel"] + 1
            x = sum(np.einsum("oc,bct->bot", w[name + ".weight"][:, :, j], p[:, :, j : j + steps]) for j in range(layer["kernel"]))
            x = x + w.get(name + ".bias", np.zeros(1))[:, None]
        elif kind == "batch_norm":
            x = (x - w[name + ".running_mean"][:, None]) / np.sqrt(w[name + ".running_var"][:, None] + layer["eps"])
            x = x * w[name + ".weight"][:, None] + w[name + ".bias"][:, None]
        elif kind == "group_norm":
            g = x.reshape(len(x), layer["groups"], -1)
            g = (g - g.mean(2, keepdims=True)) / np.sqrt(g.var(2, keepdims=True) + layer["eps"])
            x = g.reshape(x.shape) * w[name + ".weight"][:, None] + w[name + ".bias"][:, None]
        elif kind == "relu":
            x = np.maximum(x, 0)
        elif kind == "max_pool":
            size = layer["size"]
            x = np.max([x[:, :, i::size][:, :, : x.shape[2] // size] for i in range(size)], axis=0)
        elif kind == "mean_over_time":
            x = x.mean(2)
        elif kind == "dense":
            x = x @ w[name + ".weight"].T + w[name + ".bias"]
        if name:
            named[name] = x
    return named


def main(folder):
    for norm, groups in (("batch_norm", 1), ("group_norm", 4)):
        described = layers(norm, groups)
        w, features = weights(described), draw(5, BANDS, FRAMES, scale=1.5) + 2
        features = features.astype(np.float32).astype(float)
        named = run(described, w, features)
        bundle = os.path.join(folder, norm)
        os.makedirs(bundle, exist_ok=True)
        config = {
            "architecture": "conv1d-classifier", "input": [None, BANDS, FRAMES], "classes": ["a", "b", "c"],
            "frontend": {"sample_rate": 8000, "hop": 128}, "layers": described, "kind": "model", "inputs": ["features"],
            "tolerance": {"metric": "maxAbs", "value": 1e-5}, "cases": [{"name": "random"}],
        }
        with open(os.path.join(bundle, "config.json"), "w") as out:
            json.dump(config, out, indent=1)
        write(os.path.join(bundle, "weights.safetensors"), w)
        tensors = {"features": features, "logits": named["fc"], "conv1": named["conv1"], "n1": named["n1"], "n2": named["n2"]}
        write(os.path.join(bundle, "cases.safetensors"), {"random." + k: v for k, v in tensors.items()})
        standardised = (features - w["feature_mean"][:, None]) / w["feature_std"][:, None]
        statistics = {"input.mean": standardised.mean((0, 2)), "input.var": standardised.var((0, 2))}
        statistics |= {"conv1_out.mean": named["conv1"].mean((0, 2)), "conv1_out.var": named["conv1"].var((0, 2))}
        write(os.path.join(bundle, "source_statistics.safetensors"), statistics)


if __name__ == "__main__":
    main(sys.argv[1])
