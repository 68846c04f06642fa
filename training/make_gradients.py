# SPDX-License-Identifier: Apache-2.0
"""Makes what a training must reproduce: gradients, and the losses of some steps of Adam.

  python3 make_gradients.py FOLDER

For each small network a bundle's config.json and weights.safetensors, and steps.safetensors with
one batch (`x_enc` and `target`; `x_present` and `target_present`, 0 where a value is missing; hourly
windows, the i-th from 2021-03-05 07:00 plus 31 i hours), the gradient of its loss by each weight (`gradient.*`)
and the losses before 20 steps on this batch and after them (`losses`). In float64, without dropout.

Needs Python 3 with PyTorch and NumPy; the product does not.
"""
import datetime
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

import make_cases
import timesnet

FIRST = datetime.datetime(2021, 3, 5, 7)
HOUR = datetime.timedelta(hours=1)
STEPS = 20
RATE = 1e-3
BATCH = 4
KEYS = ("seq_len", "pred_len", "enc_in", "d_model", "d_ff", "e_layers", "top_k", "num_kernels")
NETWORKS = {
    "forecast": ((24, 13, 2, 4, 6, 2, 3, 3), {}),
    "forecast-wide": ((22, 14, 1, 4, 3, 1, 4, 6), {"task_name": "short_term_forecast"}),
    "fill": ((30, 0, 2, 4, 3, 2, 2, 2), {"task_name": "imputation", "embed": "learned"}),
    "detect": ((21, 0, 3, 4, 5, 1, 3, 2), {"task_name": "anomaly_detection"}),
    "classify": ((18, 0, 2, 4, 5, 2, 2, 3), {"task_name": "classification", "num_class": 3}),
    "fill-line": ((26, 0, 2, 4, 5, 1, 3, 2), {"task_name": "imputation", "missing": "line"}),
}


def batch(config, generator):
    """The windows, what goes with them, and what is wanted."""
    x = make_cases.random_windows(config, BATCH, generator)
    task, length = config["task_name"], config["seq_len"]
    if task == "classification":
        wanted = torch.arange(BATCH) % config["num_class"]
        return x, torch.ones(BATCH, length), None, wanted
    starts = [FIRST + 31 * i * HOUR for i in range(BATCH)]
    marks = [
        timesnet.time_marks(config["embed"], "h", [s + i * HOUR for i in range(length)])
        for s in starts
    ]
    marks = torch.from_numpy(np.stack(marks))
    wanted = make_cases.random_windows({**config, "seq_len": config["pred_len"]}, BATCH, generator)
    mask = None
    if task == "imputation":
        mask = (torch.rand(x.shape, generator=generator) > 0.3).float()
    if not task.endswith("forecast"):
        wanted = x + torch.randn(x.shape, generator=generator)
    wanted[1, 3, 0] = np.nan
    return x, marks, mask, wanted


def loss(config, weights, x, marks, mask, wanted, trace):
    network = timesnet.TimesNet(config, weights, torch.float64)
    y = network.forward(x if mask is None else x * mask, marks, mask, True, trace)
    if config["task_name"] == "classification":
        return F.cross_entropy(y, wanted)
    compared = torch.isfinite(wanted)
    if mask is not None:
        compared &= mask == 0
    return F.mse_loss(y[compared], wanted[compared].double())


def is_clear(config, trace):
    """Whether no two bins are so close that another FFT may swap them."""
    for layer in range(config["e_layers"]):
        top = torch.topk(trace[f"block{layer}.frequency_list"], config["top_k"] + 1, dim=1).values
        if ((top[:, :-1] - top[:, 1:]) / top[:, :-1]).min() < make_cases.SMALLEST_GAP:
            return False
    return True


def train(config, weights, inputs):
    """The gradients of the first step and all losses; None if periods are too close a call."""
    weights = {name: value.double().requires_grad_() for name, value in weights.items()}
    adam = torch.optim.Adam(weights.values(), lr=RATE)
    losses, gradients = [], None
    for _ in range(STEPS + 1):
        trace = {}
        value = loss(config, weights, *inputs, trace)
        if not is_clear(config, trace):
            return None
        losses.append(value.item())
        adam.zero_grad()
        value.backward()
        if gradients is None:
            gradients = {n: w.grad.clone() for n, w in weights.items() if w.grad is not None}
        adam.step()
    return gradients, losses


def main(folder):
    for seed, (name, (sizes, more)) in enumerate(NETWORKS.items()):
        config = {
            "architecture": "timesnet",
            "task_name": "long_term_forecast",
            **dict(zip(KEYS, sizes)),
            "c_out": sizes[2],
            "embed": "timeF",
            "freq": "h",
            "dropout": 0,
            "layer_norm_eps": 1e-5,
            "normalisation_eps": 1e-5,
            **more,
        }
        generator = torch.Generator().manual_seed(seed)
        result = None
        while result is None:
            weights = make_cases.random_weights(config, generator)
            inputs = batch(config, generator)
            result = train(config, weights, inputs)
        gradients, losses = result
        x, _, mask, wanted = inputs
        wanted = wanted.float()
        present = torch.isfinite(wanted).float()
        steps = {f"gradient.{n}": g.float().numpy() for n, g in gradients.items()}
        steps["x_enc"] = x.numpy()
        steps["x_present"] = (torch.ones(x.shape) if mask is None else mask).numpy()
        steps["target"] = torch.nan_to_num(wanted).numpy()
        steps["target_present"] = present.numpy()
        steps["losses"] = np.array(losses)
        target = pathlib.Path(folder) / name
        target.mkdir(parents=True, exist_ok=True)
        timesnet.write_safetensors(
            target / "weights.safetensors", {k: v.numpy() for k, v in weights.items()}
        )
        timesnet.write_safetensors(target / "steps.safetensors", steps)
        (target / "config.json").write_text(json.dumps(config, indent=1) + "\n")
        print(name, losses[0], losses[-1])


if __name__ == "__main__":
    main(sys.argv[1])
