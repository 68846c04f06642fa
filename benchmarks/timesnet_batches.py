# SPDX-License-Identifier: Apache-2.0
"""TimesNet's long-term forecast in PyTorch as a whole batch is run by its authors, to be timed.

Written from our own description of the network. All windows of a batch are folded along the periods
of the batch's average spectrum, and all top_k folds are run. `reference` runs the kernels of an
inception block one by one, `merged` as the one convolution that they amount to, merged once.

  python3 timesnet_batches.py make FOLDER CONFIG-FIELDS   a bundle with random weights
  python3 timesnet_batches.py serve BUNDLE WINDOWS        takes orders on standard input, one a line:
      reference|merged BATCH SECONDS   -> windows a second
      output BATCH                     -> the forecasts of the first batch, as JSON

WINDOWS is a file of float32 values [N, S, C]; window i begins i hours after 1970. One thread.
"""
import datetime
import json
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "training"))
import make_cases  # noqa: E402
import timesnet  # noqa: E402


class Forecast(timesnet.TimesNet):
    """The independent implementation, with the blocks of a whole batch at once."""

    def _block(self, h, layer, alone, trace):
        batch, length, d = h.shape
        amplitude = torch.fft.rfft(h, dim=1).abs()
        spectrum = amplitude.mean(0).mean(-1)
        spectrum[0] = 0
        bins = torch.topk(spectrum, self.c["top_k"]).indices.tolist()
        weights = torch.softmax(amplitude.mean(-1)[:, bins], 1)
        folds = []
        for frequency in bins:
            period = length // frequency
            rows = -(-length // period)
            image = F.pad(h, (0, 0, 0, rows * period - length))
            image = image.reshape(batch, rows, period, d).permute(0, 3, 1, 2).contiguous()
            image = self._inception(F.gelu(self._inception(image, layer, 0)), layer, 2)
            folds.append(image.permute(0, 2, 3, 1).reshape(batch, -1, d)[:, :length])
        return (torch.stack(folds, -1) * weights[:, None, None, :]).sum(-1) + h


def serve(bundle, windows):
    bundle = pathlib.Path(bundle)
    config = json.loads((bundle / "config.json").read_text())
    weights = timesnet.read_safetensors(bundle / "weights.safetensors")
    x = np.fromfile(windows, np.float32).reshape(-1, config["seq_len"], config["enc_in"])
    first = datetime.datetime(1970, 1, 1)
    times = [first + datetime.timedelta(hours=i) for i in range(len(x) + config["seq_len"])]
    hours = timesnet.time_marks("timeF", "h", times)
    marks = np.stack([hours[i : i + config["seq_len"]] for i in range(len(x))])
    x, marks = torch.from_numpy(x), torch.from_numpy(marks)
    networks = {
        "reference": Forecast(config, weights),
        "merged": Forecast(config, weights, merged=True),
    }
    for line in sys.stdin:
        order, batch, *rest = line.split()
        size = int(batch)
        if order == "output":
            print(json.dumps(networks["reference"].run(x[:size], marks[:size]).tolist()))
        else:
            network, seconds = networks[order], float(rest[0])
            start, done, at = time.perf_counter(), 0, 0
            while time.perf_counter() - start < seconds:
                network.run(x[at : at + size], marks[at : at + size])
                done += size
                at = (at + size) % (len(x) - size + 1)
            print(done / (time.perf_counter() - start))
        sys.stdout.flush()


def make(folder, fields):
    config = {
        "architecture": "timesnet",
        "task_name": "long_term_forecast",
        "embed": "timeF",
        "freq": "h",
        "layer_norm_eps": 1e-5,
        "normalisation_eps": 1e-5,
        **json.loads(fields),
    }
    config["c_out"] = config["enc_in"]
    weights = make_cases.random_weights(config, torch.Generator().manual_seed(1))
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    timesnet.write_safetensors(
        folder / "weights.safetensors", {name: value.numpy() for name, value in weights.items()}
    )
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    {"serve": serve, "make": make}[sys.argv[1]](*sys.argv[2:])
