# SPDX-License-Identifier: Apache-2.0
"""Makes self-test cases for TimesNet bundles with the independent implementation in timesnet.py.

  python3 make_cases.py recording BUNDLE CSV   cases of a trained bundle, from a recording
  python3 make_cases.py random FOLDER          small bundles of other sizes with random weights

Needs Python 3 with PyTorch and NumPy; the product does not.
"""
import csv
import json
import pathlib
import sys

import numpy as np
import torch

import timesnet

# Neighbours in the order of the spectrum must be this far apart, or another FFT may swap them.
SMALLEST_GAP = 1e-3


def write_case(cases, name, config, weights, x, marks, alone=True):
    """Adds a case; False if its periods are too close a call."""
    trace = {}
    exact = timesnet.TimesNet(config, weights, torch.float64)
    y = exact.forecast(x, marks, alone, trace)
    k = config["top_k"]
    tensors = {"x_enc": x.numpy(), "y": y.to(torch.float32).numpy()}
    if marks is not None:
        tensors["x_mark_enc"] = marks.numpy()
    for layer in range(config["e_layers"]):
        spectrum = trace[f"block{layer}.frequency_list"]
        top = torch.topk(spectrum, min(k + 1, spectrum.shape[1] - 1), dim=1).values
        if ((top[:, :-1] - top[:, 1:]) / top[:, :-1]).min() < SMALLEST_GAP:
            return False
        if spectrum.shape[0] == 1:
            bins = torch.topk(spectrum[0], k).indices
            length = config["seq_len"] + config["pred_len"]
            tensors[f"block{layer}.top_list"] = bins.numpy()
            tensors[f"block{layer}.period_list"] = (length // bins).numpy()
    cases.update({f"{name}.{key}": value for key, value in tensors.items()})
    return True


def recording(bundle, path):
    bundle = pathlib.Path(bundle)
    config = json.loads((bundle / "config.json").read_text())
    weights = timesnet.read_safetensors(bundle / "weights.safetensors")
    scaler = config["dataset"]["scaler"]
    mean, deviation = np.array(scaler["mean"]), np.array(scaler["std"])
    with open(path) as file:
        rows = list(csv.reader(file))[1:]
    length = config["seq_len"]
    cases, described = {}, []
    start = 0
    while len(described) < 4 and start + length <= len(rows):
        part = rows[start : start + length]
        start += length
        first, last = (np.datetime64(part[i][0].replace(" ", "T")) for i in (0, -1))
        whole = all(cell for row in part for cell in row)
        if not whole or last - first != np.timedelta64(length - 1, "h"):
            continue
        x = (np.array([[float(v) for v in row[1:]] for row in part]) - mean) / deviation
        x = torch.from_numpy(x.astype(np.float32))[None]
        marks = torch.from_numpy(timesnet.hourly_marks(first, length))[None]
        name = f"row{start - length}"
        if write_case(cases, name, config, weights, x, marks):
            described.append(
                {
                    "name": name,
                    "description": f"{length} rows of the simulated recording from {part[0][0]}",
                    "reference_batching": False,
                }
            )
    config["cases"] = described
    timesnet.write_safetensors(bundle / "cases.safetensors", cases)
    (bundle / "config.json").write_text(json.dumps(config, indent=1) + "\n")


SIZES = {
    # name: seq_len, pred_len, channels, d_model, d_ff, layers, top_k, kernels
    "odd-lengths": (31, 22, 2, 6, 10, 1, 4, 2),
    "prime-total": (40, 21, 5, 8, 8, 3, 2, 3),
    "one-kernel": (24, 1, 1, 4, 12, 2, 1, 1),
    "wide": (64, 16, 3, 16, 12, 1, 6, 5),
}


def random(folder):
    for seed, (name, sizes) in enumerate(SIZES.items()):
        keys = ("seq_len", "pred_len", "enc_in", "d_model", "d_ff", "e_layers", "top_k")
        config = {
            "architecture": "timesnet",
            "task_name": "long_term_forecast",
            **dict(zip(keys, sizes)),
            "c_out": sizes[2],
            "num_kernels": sizes[7],
            "embed": "timeF",
            "freq": "h",
            "layer_norm_eps": 1e-5,
            "normalisation_eps": 1e-5,
            "kind": "model",
            "inputs": ["x_enc", "x_mark_enc", "mask"],
            "tolerance": {"metric": "maxAbs", "value": 5e-5, "integers": "exact"},
        }
        generator = torch.Generator().manual_seed(seed)
        weights = random_weights(config, generator)
        cases, described, attempt = {}, [], 0
        while len(described) < 3:
            attempt += 1
            batch = len(described) + 1
            x = random_windows(config, batch, generator)
            marks = None
            if len(described) != 1:
                hours = [timesnet.hourly_marks(f"2020-0{attempt % 9 + 1}-05T07", sizes[0])] * batch
                marks = torch.from_numpy(np.stack(hours))
            case = f"batch{batch}"
            if write_case(cases, case, config, weights, x, marks):
                described.append({"name": case, "reference_batching": False})
        config["cases"] = described
        target = pathlib.Path(folder) / name
        target.mkdir(parents=True, exist_ok=True)
        timesnet.write_safetensors(
            target / "weights.safetensors", {k: v.numpy() for k, v in weights.items()}
        )
        timesnet.write_safetensors(target / "cases.safetensors", cases)
        (target / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def random_weights(c, generator):
    def normal(*shape, scale):
        return torch.randn(*shape, generator=generator) * scale

    total, d, f = c["seq_len"] + c["pred_len"], c["d_model"], c["d_ff"]
    weights = {
        "enc_embedding.value_embedding.tokenConv.weight": normal(d, c["enc_in"], 3, scale=0.4),
        "enc_embedding.temporal_embedding.embed.weight": normal(d, 4, scale=0.5),
        "predict_linear.weight": normal(total, c["seq_len"], scale=c["seq_len"] ** -0.5),
        "predict_linear.bias": normal(total, scale=0.1),
        "layer_norm.weight": 1 + normal(d, scale=0.1),
        "layer_norm.bias": normal(d, scale=0.1),
        "projection.weight": normal(c["c_out"], d, scale=d**-0.5),
        "projection.bias": normal(c["c_out"], scale=0.1),
    }
    for layer in range(c["e_layers"]):
        for place, (inner, outer) in ((0, (d, f)), (2, (f, d))):
            for i in range(c["num_kernels"]):
                size, prefix = 2 * i + 1, f"model.{layer}.conv.{place}.kernels.{i}"
                spread = (inner * size * size) ** -0.5
                weights[f"{prefix}.weight"] = normal(outer, inner, size, size, scale=spread)
                weights[f"{prefix}.bias"] = normal(outer, scale=0.1)
    return weights


def random_windows(c, batch, generator):
    t = torch.arange(c["seq_len"], dtype=torch.float64)[None, :, None]
    shape = (batch, 1, c["enc_in"])
    x = torch.zeros(batch, c["seq_len"], c["enc_in"], dtype=torch.float64)
    for _ in range(3):
        rate, phase, height = (torch.rand(*shape, generator=generator).double() for _ in range(3))
        x += (height + 0.3) * torch.sin(2 * torch.pi * (rate * 0.3 * t + phase))
    noise = torch.randn(x.shape, generator=generator).double()
    level = torch.randn(*shape, generator=generator).double()
    return (3 * x + 0.3 * noise + 5 * level).float()


if __name__ == "__main__":
    {"recording": recording, "random": random}[sys.argv[1]](*sys.argv[2:])
