# SPDX-License-Identifier: Apache-2.0
"""Makes self-test cases for TimesNet bundles with the independent implementation in timesnet.py.

  python3 make_cases.py recording BUNDLE CSV   cases of a trained bundle, from a recording; but for
                                               classifications and short-term forecasts
  python3 make_cases.py random FOLDER          small bundles of other sizes with random weights

Needs Python 3 with PyTorch and NumPy; the product does not.
"""
import csv
import datetime
import json
import pathlib
import sys

import numpy as np
import torch

import timesnet

# Neighbours in the order of the spectrum must be this far apart, or another FFT may swap them.
SMALLEST_GAP = 1e-3

# The share of values that a case of an imputation takes out of its window.
HIDDEN = 0.25


def write_case(cases, name, config, weights, x, marks=None, mask=None, alone=True):
    """Adds a case; False if its periods are too close a call."""
    trace = {}
    exact = timesnet.TimesNet(config, weights, torch.float64)
    y = exact.run(x, marks, mask, alone, trace)
    k = config["top_k"]
    tensors = {"x_enc": x.numpy(), "y": y.to(torch.float32).numpy()}
    if marks is not None:
        tensors["x_mark_enc"] = marks.numpy()
    if mask is not None:
        tensors["mask"] = mask.numpy()
    for layer in range(config["e_layers"]):
        spectrum = trace[f"block{layer}.frequency_list"]
        top = torch.topk(spectrum, min(k + 1, spectrum.shape[1] - 1), dim=1).values
        gaps = (top[:, :-1] - top[:, 1:]) / top[:, :-1]
        if gaps.numel() and gaps.min() < SMALLEST_GAP:
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
    generator = torch.Generator().manual_seed(1)
    cases, described = {}, []
    start = 0
    while len(described) < 4 and start + length <= len(rows):
        part = rows[start : start + length]
        start += length
        times = [datetime.datetime.fromisoformat(row[0]) for row in part]
        whole = all(cell for row in part for cell in row)
        if not whole or times[-1] - times[0] != (length - 1) * datetime.timedelta(hours=1):
            continue
        x = (np.array([[float(v) for v in row[1:]] for row in part]) - mean) / deviation
        x = torch.from_numpy(x.astype(np.float32))[None]
        marks, mask = None, None
        if config["task_name"] in ("long_term_forecast", "imputation"):
            marks = torch.from_numpy(timesnet.time_marks("timeF", "h", times))[None]
        description = f"{length} rows of the simulated recording from {part[0][0]}"
        if config["task_name"] == "imputation":
            mask = (torch.rand(x.shape, generator=generator) > HIDDEN).float()
            x = x * mask
            description += f", of whose values {HIDDEN:.1%} are taken out by chance"
        name = f"row{start - length}"
        if write_case(cases, name, config, weights, x, marks, mask):
            described.append(
                {"name": name, "description": description, "reference_batching": False}
            )
    config["cases"] = described
    timesnet.write_safetensors(bundle / "cases.safetensors", cases)
    (bundle / "config.json").write_text(json.dumps(config, indent=1) + "\n")


KEYS = ("seq_len", "pred_len", "enc_in", "d_model", "d_ff", "e_layers", "top_k", "num_kernels")
BUNDLES = {
    # name: sizes in the order of KEYS, then what else config.json says
    "odd-lengths": ((31, 22, 2, 6, 10, 1, 4, 2), {}),
    "prime-total": ((40, 21, 5, 8, 8, 3, 2, 3), {}),
    "one-kernel": ((24, 1, 1, 4, 12, 2, 1, 1), {}),
    "wide": ((64, 16, 3, 16, 12, 1, 6, 5), {}),
    "seconds": ((30, 7, 2, 6, 5, 1, 3, 2), {"freq": "s"}),
    "minutes": ((23, 14, 3, 4, 7, 1, 2, 4), {"freq": "t"}),
    "days": ((21, 7, 1, 6, 6, 2, 1, 2), {"freq": "d"}),
    "weeks": ((26, 5, 2, 4, 9, 1, 3, 1), {"freq": "w"}),
    "months": ((19, 6, 2, 6, 4, 1, 2, 3), {"freq": "m"}),
    "fixed-minutes": ((25, 9, 2, 6, 8, 1, 2, 2), {"embed": "fixed", "freq": "t"}),
    "learned-hours": ((27, 10, 1, 8, 6, 1, 2, 3), {"embed": "learned"}),
    "no-times": ((17, 5, 2, 6, 7, 2, 2, 4), {"task_name": "short_term_forecast"}),
    "fill-business-days": ((33, 0, 3, 6, 9, 2, 3, 4), {"task_name": "imputation", "freq": "b"}),
    "fill-learned-minutes": (
        (45, 0, 2, 6, 5, 1, 1, 4),
        {"task_name": "imputation", "embed": "learned", "freq": "t"},
    ),
    "fill-fixed-days": (
        (20, 0, 1, 4, 6, 1, 2, 1),
        {"task_name": "imputation", "embed": "fixed", "freq": "d"},
    ),
    "detect": ((37, 0, 4, 6, 8, 2, 1, 1), {"task_name": "anomaly_detection"}),
    "detect-wide": ((28, 0, 2, 18, 20, 1, 5, 2), {"task_name": "anomaly_detection"}),
    "classify": ((33, 0, 3, 6, 9, 2, 2, 4), {"task_name": "classification", "num_class": 3}),
    "classify-short": (
        (3, 0, 2, 6, 5, 1, 1, 2),
        {"task_name": "classification", "num_class": 2, "classes": ["idle", "busy"]},
    ),
    "fill-line": ((29, 0, 3, 6, 5, 2, 3, 2), {"task_name": "imputation", "missing": "line"}),
}
STEPS = {
    "s": datetime.timedelta(seconds=1),
    "t": datetime.timedelta(minutes=7),
    "h": datetime.timedelta(hours=1),
    "d": datetime.timedelta(days=1),
    "b": datetime.timedelta(days=1),
    "w": datetime.timedelta(weeks=1),
    "m": datetime.timedelta(days=30),
}


def random(folder):
    for seed, (name, (sizes, more)) in enumerate(BUNDLES.items()):
        config = {
            "architecture": "timesnet",
            "task_name": "long_term_forecast",
            **dict(zip(KEYS[:-1], sizes)),
            "c_out": sizes[2],
            "num_kernels": sizes[-1],
            "embed": "timeF",
            "freq": "h",
            "layer_norm_eps": 1e-5,
            "normalisation_eps": 1e-5,
            "kind": "model",
            "inputs": ["x_enc", "x_mark_enc", "mask"],
            "tolerance": {"metric": "maxAbs", "value": 5e-5, "integers": "exact"},
            **more,
        }
        generator = torch.Generator().manual_seed(seed)
        weights = random_weights(config, generator)
        cases, described, attempt = {}, [], 0
        while len(described) < 3:
            attempt += 1
            batch = len(described) + 1
            x = random_windows(config, batch, generator)
            x, marks, mask = random_inputs(config, x, attempt, generator)
            if len(described) == 1 and config["task_name"] != "classification":
                marks = None
            case = f"batch{batch}"
            if write_case(cases, case, config, weights, x, marks, mask):
                described.append({"name": case, "reference_batching": False})
        config["cases"] = described
        target = pathlib.Path(folder) / name
        target.mkdir(parents=True, exist_ok=True)
        timesnet.write_safetensors(
            target / "weights.safetensors", {k: v.numpy() for k, v in weights.items()}
        )
        timesnet.write_safetensors(target / "cases.safetensors", cases)
        (target / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def random_inputs(c, x, attempt, generator):
    """The windows as the task takes them, and what goes with them: marks and mask, or None."""
    task, (batch, length, _) = c["task_name"], x.shape
    if task == "classification":
        # each window after the first is padded with zeros
        ends = torch.tensor([length - length * i // 4 for i in range(batch)])
        present = (torch.arange(length)[None] < ends[:, None]).float()
        return x * present[:, :, None], present, None
    mask = None
    if task == "imputation":
        mask = (torch.rand(x.shape, generator=generator) > 0.3).float()
        x = x * mask
    if task not in ("long_term_forecast", "imputation"):
        return x, None, mask
    first = datetime.datetime(2020, attempt % 9 + 1, 5, 7)
    times = [first + i * STEPS[c["freq"]] for i in range(length)]
    marks = torch.from_numpy(timesnet.time_marks(c["embed"], c["freq"], times))
    return x, marks[None].repeat(batch, 1, 1), mask


def random_weights(c, generator):
    def normal(*shape, scale):
        return torch.randn(*shape, generator=generator) * scale

    total, d, f = c["seq_len"] + c["pred_len"], c["d_model"], c["d_ff"]
    weights = {
        "enc_embedding.value_embedding.tokenConv.weight": normal(d, c["enc_in"], 3, scale=0.4)
    }
    weights.update(random_time_weights(c, normal))
    if c["task_name"].endswith("forecast"):
        weights["predict_linear.weight"] = normal(total, c["seq_len"], scale=c["seq_len"] ** -0.5)
        weights["predict_linear.bias"] = normal(total, scale=0.1)
    weights["layer_norm.weight"] = 1 + normal(d, scale=0.1)
    weights["layer_norm.bias"] = normal(d, scale=0.1)
    outputs, inputs = c["c_out"], d
    if c["task_name"] == "classification":
        outputs, inputs = c["num_class"], c["seq_len"] * d
    weights["projection.weight"] = normal(outputs, inputs, scale=inputs**-0.5)
    weights["projection.bias"] = normal(outputs, scale=0.1)
    for layer in range(c["e_layers"]):
        for place, (inner, outer) in ((0, (d, f)), (2, (f, d))):
            for i in range(c["num_kernels"]):
                size, prefix = 2 * i + 1, f"model.{layer}.conv.{place}.kernels.{i}"
                spread = (inner * size * size) ** -0.5
                weights[f"{prefix}.weight"] = normal(outer, inner, size, size, scale=spread)
                weights[f"{prefix}.bias"] = normal(outer, scale=0.1)
    return weights


def random_time_weights(c, normal):
    prefix, d = "enc_embedding.temporal_embedding.", c["d_model"]
    if c["embed"] == "timeF":
        features = timesnet.time_marks("timeF", c["freq"], [datetime.datetime(2020, 1, 1)]).shape[1]
        return {f"{prefix}embed.weight": normal(d, features, scale=0.5)}
    middle = "_embed.emb" if c["embed"] == "fixed" else "_embed"
    rows = zip(timesnet.TABLES, (13, 32, 7, 24, 4) if c["freq"] == "t" else (13, 32, 7, 24))
    return {f"{prefix}{u}{middle}.weight": normal(n, d, scale=0.5) for u, n in rows}


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
