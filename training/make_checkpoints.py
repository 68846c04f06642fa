# SPDX-License-Identifier: Apache-2.0
"""Writes checkpoints for the tests of `import`, with every kind of tensor that one may hold.

    make_checkpoints.py types FOLDER           writes types.pt, types.legacy.pt, module.pt, types.json
    make_checkpoints.py bundle FOLDER FILE.pt  writes the weights of a bundle

Needs Python 3 with PyTorch; the product does not.
"""
import json
import pathlib
import struct
import sys

import torch


def weights():
    counted = torch.arange(24, dtype=torch.float32)
    halves = torch.tensor([1.5, -0.1, 6e-8, 65504.0, -0.0, 6.1e-5], dtype=torch.float16)
    return {
        "plain": counted.reshape(2, 3, 4) / 7,
        "transposed": counted.reshape(4, 6).t(),
        "part": counted.reshape(4, 6)[1:3, 2:5],
        "every.other": counted[1::2],
        "scalar": torch.tensor(0.25),
        "empty": torch.zeros(0, 3),
        "half": halves,
        "bfloat16": torch.tensor([1.5, -3.1415926, 1e30, 1e-40], dtype=torch.bfloat16),
        "double": torch.tensor([0.1, -1e-9, 12345.678901234], dtype=torch.float64),
        "count": torch.tensor(7),
        "mask": torch.tensor([True, False]),
    }


def types(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    named = weights()
    torch.save(named, folder / "types.pt")
    torch.save({"epoch": 3, "state_dict": named}, folder / "types.legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(torch.nn.Linear(2, 2), folder / "module.pt")
    told = {}
    for name, value in named.items():
        if value.is_floating_point():
            told[name] = {"shape": list(value.shape), "values": value.to(torch.float32).flatten().tolist()}
    (folder / "types.json").write_text(json.dumps(told) + "\n")


def bundle(folder, file):
    data = (pathlib.Path(folder) / "weights.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    named = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            kind = {"F32": torch.float32, "I64": torch.int64}[entry["dtype"]]
            value = torch.frombuffer(bytearray(data[begin:end]), dtype=kind)
            named[name] = value.reshape(entry["shape"])
    torch.save(named, file)


{"types": types, "bundle": bundle}[sys.argv[1]](*sys.argv[2:])
