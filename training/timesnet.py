# SPDX-License-Identifier: Apache-2.0
"""TimesNet's five tasks in PyTorch, written from the paper and from our own description.

Independent of the Java code: it makes the self-test cases of shipped bundles and is what benchmarks
compare with. Wu et al., "TimesNet: Temporal 2D-Variation Modeling for General Time Series
Analysis", ICLR 2023.
"""
import json
import math
import struct

import numpy as np
import torch
import torch.nn.functional as F

DTYPES = {"F32": np.float32, "F64": np.float64, "I64": np.int64}


def read_safetensors(path):
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    header.pop("__metadata__", None)
    return {
        name: torch.from_numpy(
            np.frombuffer(
                data[slice(*entry["data_offsets"])], dtype=DTYPES[entry["dtype"]]
            )
            .reshape(entry["shape"])
            .copy()
        )
        for name, entry in header.items()
    }


def write_safetensors(path, tensors):
    names = {np.dtype(v): k for k, v in DTYPES.items()}
    header, blobs, position = {}, [], 0
    for name in sorted(tensors):
        array = np.asarray(tensors[name], order="C")
        blob = array.tobytes()
        header[name] = {
            "dtype": names[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [position, position + len(blob)],
        }
        blobs.append(blob)
        position += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


class TimesNet:
    """The network as a function of its weights, in the precision of `dtype`."""

    def __init__(self, config, weights, dtype=torch.float32, merged=False):
        self.c = config
        self.w = {name: value.to(dtype) for name, value in weights.items()}
        self.dtype = dtype
        self.merged = self._merge() if merged else None

    def _kernels(self, layer, place):
        prefix = f"model.{layer}.conv.{place}.kernels."
        return [
            (self.w[f"{prefix}{i}.weight"], self.w[f"{prefix}{i}.bias"])
            for i in range(self.c["num_kernels"])
        ]

    def _merge(self):
        merged = {}
        reach = self.c["num_kernels"] - 1
        for layer in range(self.c["e_layers"]):
            for place in (0, 2):
                kernels = self._kernels(layer, place)
                weight = sum(
                    F.pad(w, [reach - i] * 4) for i, (w, _) in enumerate(kernels)
                ) / len(kernels)
                bias = sum(b for _, b in kernels) / len(kernels)
                merged[layer, place] = (weight, bias)
        return merged

    def _inception(self, x, layer, place):
        if self.merged:
            weight, bias = self.merged[layer, place]
            return F.conv2d(x, weight, bias, padding=self.c["num_kernels"] - 1)
        return torch.stack(
            [F.conv2d(x, w, b, padding=i) for i, (w, b) in enumerate(self._kernels(layer, place))]
        ).mean(0)

    def _position(self, length):
        d = self.c["d_model"]
        t = torch.arange(length, dtype=self.dtype)[:, None]
        f = torch.exp(torch.arange(0, d, 2, dtype=self.dtype) * (-math.log(10000.0) / d))
        code = torch.zeros(length, d, dtype=self.dtype)
        code[:, 0::2] = torch.sin(t * f)
        code[:, 1::2] = torch.cos(t * f)
        return code

    def _block(self, h, layer, alone, trace):
        c = self.c
        batch, length, d = h.shape
        amplitude = torch.fft.rfft(h, dim=1).abs()
        spectrum = amplitude.mean(-1)
        if not alone:
            spectrum = spectrum.mean(0, keepdim=True)
        spectrum = spectrum.clone()
        spectrum[:, 0] = 0
        if trace is not None:
            trace[f"block{layer}.frequency_list"] = spectrum
        out = torch.empty_like(h)
        for b in range(batch):
            bins = torch.topk(spectrum[b if alone else 0], c["top_k"]).indices
            weights = torch.softmax(amplitude[b, bins].mean(-1), 0)
            total = h[b : b + 1]
            for weight, frequency in zip(weights, bins):
                period = length // int(frequency)
                rows = -(-length // period)
                image = F.pad(h[b : b + 1], (0, 0, 0, rows * period - length))
                image = image.reshape(1, rows, period, d).permute(0, 3, 1, 2)
                image = self._inception(F.gelu(self._inception(image, layer, 0)), layer, 2)
                flat = image.permute(0, 2, 3, 1).reshape(1, rows * period, d)
                total = total + weight * flat[:, :length]
            out[b] = total[0]
        return out

    def _normalise(self, x, mask):
        """The windows in the network's units, and what brings results back: deviation, mean."""
        task, eps = self.c["task_name"], self.c["normalisation_eps"]
        if task == "classification":
            return x, None, None
        if task == "imputation":
            mask = mask.to(self.dtype)
            count = mask.sum(1, keepdim=True)
            mean = x.sum(1, keepdim=True) / count
            z = (x - mean) * mask
            deviation = torch.sqrt((z * z).sum(1, keepdim=True) / count + eps)
            z = z / deviation
            if self._corrects_line():
                z = on_line(z, mask)
            return z, deviation, mean
        mean = x.mean(1, keepdim=True)
        deviation = torch.sqrt(x.var(1, keepdim=True, unbiased=False) + eps)
        return (x - mean) / deviation, deviation, mean

    def _corrects_line(self):
        return self.c["task_name"] == "imputation" and self.c.get("missing") == "line"

    def _time(self, marks):
        prefix = "enc_embedding.temporal_embedding."
        if self.c["embed"] == "timeF":
            return marks.to(self.dtype) @ self.w[prefix + "embed.weight"].T
        middle = "_embed.emb" if self.c["embed"] == "fixed" else "_embed"
        names = TABLES[: marks.shape[2]]
        return sum(
            self.w[f"{prefix}{name}{middle}.weight"][marks[:, :, i].long()]
            for i, name in enumerate(names)
        )

    @torch.no_grad()
    def run(self, x, marks=None, mask=None, alone=True, trace=None):
        """As forward, without gradients."""
        return self.forward(x, marks, mask, alone, trace)

    def forward(self, x, marks=None, mask=None, alone=True, trace=None):
        """x [B, S, C] -> a forecast [B, P, C], a reconstruction [B, S, C], or logits [B, K].

        `marks` [B, S, n] tells the time, for a classification [B, S] what is no padding; `mask`
        [B, S, C] is 0 where an imputation's x is missing, and 0. `alone`: periods for each window,
        and not for the batch. `trace`, a dict, takes each block's spectra.
        """
        c = self.c
        task = c["task_name"]
        z, deviation, mean = self._normalise(x.to(self.dtype), mask)
        wrapped = torch.cat([z[:, -1:], z, z[:, :1]], 1).transpose(1, 2)
        token = F.conv1d(wrapped, self.w["enc_embedding.value_embedding.tokenConv.weight"])
        h = token.transpose(1, 2) + self._position(c["seq_len"])
        if marks is not None and task in ("long_term_forecast", "imputation"):
            h = h + self._time(marks)
        if task.endswith("forecast"):
            h = F.linear(
                h.transpose(1, 2), self.w["predict_linear.weight"], self.w["predict_linear.bias"]
            ).transpose(1, 2)
        for layer in range(c["e_layers"]):
            h = F.layer_norm(
                self._block(h, layer, alone, trace),
                (c["d_model"],),
                self.w["layer_norm.weight"],
                self.w["layer_norm.bias"],
                c["layer_norm_eps"],
            )
        if task == "classification":
            h = (F.gelu(h) * marks.to(self.dtype)[:, :, None]).flatten(1)
        y = F.linear(h, self.w["projection.weight"], self.w["projection.bias"])
        if task == "classification":
            return y
        if self._corrects_line():
            y = y + z
        return (y * deviation + mean)[:, -c["pred_len"] :]


def on_line(z, mask):
    """Windows whose missing values lie on the line between those beside them; level at the ends."""
    filled = z.clone()
    times = np.arange(z.shape[1])
    for b in range(z.shape[0]):
        for c in range(z.shape[2]):
            there = mask[b, :, c].numpy() > 0
            line = np.interp(times, times[there], z[b, there, c].numpy())
            filled[b, :, c] = torch.from_numpy(line)
    return filled


TABLES = ("month", "day", "weekday", "hour", "minute")


def time_marks(embed, freq, times):
    """What the network is told of each of many datetimes: timeF features, or rows of tables."""
    if embed != "timeF":
        rows = [[t.month, t.day, t.weekday(), t.hour, t.minute // 15] for t in times]
        return np.array(rows, np.float32)[:, : 5 if freq == "t" else 4]
    features = {
        "second": lambda t: t.second / 59,
        "minute": lambda t: t.minute / 59,
        "hour": lambda t: t.hour / 23,
        "weekday": lambda t: t.weekday() / 6,
        "day": lambda t: (t.day - 1) / 30,
        "year day": lambda t: (t.timetuple().tm_yday - 1) / 365,
        "week": lambda t: (t.isocalendar()[1] - 1) / 52,
        "month": lambda t: (t.month - 1) / 11,
    }
    days = ("weekday", "day", "year day")
    wanted = {
        "s": ("second", "minute", "hour", *days),
        "t": ("minute", "hour", *days),
        "h": ("hour", *days),
        "d": days,
        "b": days,
        "w": ("day", "week"),
        "m": ("month",),
    }[freq]
    return np.array([[features[f](t) - 0.5 for f in wanted] for t in times], np.float32)
