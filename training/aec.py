# SPDX-License-Identifier: Apache-2.0
"""The complex D3 network for echo cancellation and noise suppression: definition and training.

    aec.py check GOLDEN_FOLDER                 against the reference numbers, the training step too
    aec.py train DATA FOLDER [--minutes 8]     on a GPU if there is one; DATA from audio_data.py pack
    aec.py evaluate BUNDLE CASES_FOLDER        figures of the simulated cases per scenario
    aec.py cases BUNDLE                        adds a self-test case to a bundle

After Watcharasupat et al., "End-to-End Complex-Valued Multidilated Convolutional Neural Network for
Joint Acoustic Echo Cancellation and Noise Suppression", ICASSP 2022, with the blocks of Takahashi and
Mitsufuji, "D3Net: Densely connected multidilated DenseNet", 2020.
"""
import argparse
import csv
import json
import os

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import audio_data
import audio_training
from audio_training import Training, report, say, scale_invariant, signal_to_noise
from timesnet import read_safetensors, write_safetensors

CONFIG = {
    "architecture": "complex-d3net",
    "sample_rate": 16000,
    "n_fft": 512,
    "hop": 256,
    "window": "sqrt_hann_periodic",
    "input_power": 0.5,
    "stem_channels": 16,
    "growth": 12,
    "d2_layers": 3,
    "d2_per_d3": 3,
    "d3_blocks": 2,
    "time_mode": "causal",
    "bn_eps": 1e-05,
    "freq_bins": 257,
    "trainable_parameters": 354100,
    "context_frames_back": 86,
    "context_frames_ahead": 0,
    "real_macs_per_tf_bin": 701312,
    "kind": "model",
    "inputs": ["mic", "far"],
}


# --- network ---
#
# A complex map of c channels is a real one of 2c. It is laid out part by part, [re; im] of each, so
# that a part is a slice and joining maps is joining their parts: `parts` holds the parts' channels.


def order(parts):
    """For each real channel of a map laid out in parts, its place in [all re; all im]."""
    places, start, total = [], 0, sum(parts)
    for part in parts:
        places += [*range(start, start + part), *range(total + start, total + start + part)]
        start += part
    return torch.tensor(places)


class Conv(nn.Module):
    """Complex convolution as a real one with the block matrix [[re, -im], [im, re]]."""

    def __init__(self, ins, outs, size, dilation, causal):
        super().__init__()
        ci, co = sum(ins), sum(outs)
        self.w = nn.Parameter(torch.randn(2, co, ci, size, size) / (ci * size**2) ** 0.5)
        self.b = nn.Parameter(torch.zeros(2, co))
        self.dilation, self.causal, self.reach = dilation, causal, dilation * (size - 1)
        self.register_buffer("rows", order(outs), persistent=False)
        self.register_buffer("columns", order(ins), persistent=False)

    def forward(self, x):
        re, im = self.w
        matrix = torch.cat([torch.cat([re, -im], 1), torch.cat([im, re], 1)])
        matrix = matrix.index_select(0, self.rows).index_select(1, self.columns)
        bias = self.b.flatten().index_select(0, self.rows)
        before = self.reach if self.causal else self.reach // 2
        if self.reach:
            x = F.pad(x, (0, 0, before, self.reach - before))
        return F.conv2d(x, matrix, bias, padding=(0, self.reach // 2), dilation=self.dilation)

    def tensors(self):
        return {"w_re": self.w[0], "w_im": self.w[1], "b_re": self.b[0], "b_im": self.b[1]}


class Norm(nn.BatchNorm2d):
    """Batch normalisation of real and imaginary parts, each on its own."""

    def __init__(self, parts):
        super().__init__(2 * sum(parts), eps=CONFIG["bn_eps"])
        self.register_buffer("sorted", torch.argsort(order(parts)), persistent=False)

    def forward(self, x):
        # A slice of a map with the channels last is slow to normalise as it is.
        if x.is_cuda:
            x = x.contiguous(memory_format=torch.channels_last)
        return super().forward(x)

    def tensors(self):
        named = {
            "gamma": self.weight,
            "beta": self.bias,
            "mean": self.running_mean,
            "var": self.running_var,
        }
        halves = {name: value[self.sorted].chunk(2) for name, value in named.items()}
        parts = enumerate(("re", "im"))
        return {f"{part}.{name}": halves[name][i] for i, part in parts for name in named}


class Unit(nn.Module):
    def __init__(self, ins, outs, dilation, causal):
        super().__init__()
        self.bn = Norm(ins)
        self.conv = Conv(ins, outs, 3, dilation, causal)

    def forward(self, x):
        return self.conv(torch.relu(self.bn(x)))


class Dense(nn.Module):
    """Layers of which each reads one group and adds to all groups after it; emits the last group."""

    def __init__(self, layers, width):
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.width = width

    def forward(self, x):
        rest = self.layers[0](x)
        for layer in self.layers[1:]:
            group, rest = rest.split([self.width, rest.shape[1] - self.width], 1)
            rest = rest + layer(group)
        return rest


def d2(ins, group, count, causal):
    """`group` holds the parts of one group."""
    layers = [Unit(ins, group * count, 1, causal)]
    layers += [Unit(group, group * (count - i), 2**i, causal) for i in range(1, count)]
    return Dense(layers, 2 * sum(group))


def d3(ins, growth, inner, count, causal):
    layers = [d2(ins, [growth] * count, inner, causal)]
    layers += [d2([growth], [growth] * (count - i), inner, causal) for i in range(1, count)]
    return Dense(layers, 2 * growth)


class Network(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.c = c = config
        causal = c["time_mode"] == "causal"
        self.stem = Conv([2], [c["stem_channels"]], 3, 1, causal)
        parts, blocks = [c["stem_channels"]], []
        for _ in range(c["d3_blocks"]):
            blocks.append(d3(list(parts), c["growth"], c["d2_layers"], c["d2_per_d3"], causal))
            parts.append(c["growth"])
        self.blocks = nn.ModuleList(blocks)
        self.head_bn = Norm(parts)
        self.head_conv = Conv(parts, [2], 1, 1, causal)
        n = torch.arange(c["n_fft"], dtype=torch.float64)
        window = torch.sqrt(0.5 - 0.5 * torch.cos(2 * np.pi * n / c["n_fft"]))
        self.register_buffer("window", window.float(), persistent=False)
        self.autocast = False

    def spectrum(self, x):
        """[B, n] -> [B, T, F]"""
        n, h = self.c["n_fft"], self.c["hop"]
        frames = -(-x.shape[-1] // h) + 1
        x = F.pad(x, (h, frames * h - x.shape[-1]))
        return torch.fft.rfft(x.unfold(-1, n, h) * self.window)

    def waveform(self, spectrum, samples):
        h = self.c["hop"]
        frames = torch.fft.irfft(spectrum, n=self.c["n_fft"]) * self.window
        blocks = F.pad(frames[..., :h], (0, 0, 0, 1)) + F.pad(frames[..., h:], (0, 0, 1, 0))
        return blocks.flatten(-2)[..., h : h + samples]

    def masks(self, y, x):
        """Spectra of microphone and far end -> echo mask and speech mask, [B, T, F]."""
        both = torch.stack([y, x], 1)
        power = both.real**2 + both.imag**2
        both = both * (power + 1e-12) ** ((self.c["input_power"] - 1) / 2)
        h = torch.cat([both.real, both.imag], 1)
        if h.is_cuda:
            h = h.contiguous(memory_format=torch.channels_last)
        with torch.autocast(h.device.type, dtype=torch.bfloat16, enabled=self.autocast):
            found = [self.stem(h)]
            for block in self.blocks:
                found.append(block(torch.cat(found, 1)))
            found = torch.cat(found, 1)
        m = self.head_conv(self.head_bn(found.to(y.real.dtype)))
        echo, speech = torch.complex(m[:, 0], m[:, 2]), torch.complex(m[:, 1], m[:, 3])
        size = torch.sqrt(m[:, 1] ** 2 + m[:, 3] ** 2 + 1e-12)
        return echo, speech * (torch.tanh(size) / size)

    def forward(self, mic, far):
        """Signals [B, n] -> spectra of the speech and of the echo, [B, T, F]."""
        y, x = self.spectrum(mic), self.spectrum(far)
        echo_mask, speech_mask = self.masks(y, x)
        echo = echo_mask * x
        return speech_mask * (y - echo), echo

    def places(self):
        """{name in a bundle: module}"""
        found = {"stem": self.stem, "head.bn": self.head_bn, "head.conv": self.head_conv}
        for b, block in enumerate(self.blocks):
            for i, inner in enumerate(block.layers):
                for j, unit in enumerate(inner.layers):
                    found[f"d3.{b}.d2.{i}.unit.{j}.bn"] = unit.bn
                    found[f"d3.{b}.d2.{i}.unit.{j}.conv"] = unit.conv
        return found

    def tensors(self):
        """{name in a bundle: value}"""
        return {
            f"{place}.{name}": value
            for place, module in self.places().items()
            for name, value in module.tensors().items()
        }

    @torch.no_grad()
    def load(self, tensors):
        for place, module in self.places().items():
            if isinstance(module, Conv):
                for name, value in module.tensors().items():
                    value.copy_(tensors[f"{place}.{name}"])
                continue
            fields = ("weight", "bias", "running_mean", "running_var")
            for field, name in zip(fields, ("gamma", "beta", "mean", "var")):
                halves = [tensors[f"{place}.{part}.{name}"] for part in ("re", "im")]
                getattr(module, field)[module.sorted] = torch.cat(halves).to(module.weight)

    def start(self):
        """Starts as something that lets the microphone pass."""
        with torch.no_grad():
            self.head_conv.w.mul_(0.1)
            self.head_conv.b[0, 1] = 1.5

    @torch.no_grad()
    def settle(self, batches):
        """Takes the statistics of the norms anew, from batches (mic, far)."""
        norms = [module for module in self.modules() if isinstance(module, Norm)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None
        self.train()
        for mic, far in batches:
            self(mic, far)
        for norm in norms:
            norm.momentum = 0.1


# --- loss ---


def compress(z):
    return z * (z.real**2 + z.imag**2 + 1e-8) ** -0.35


def magnitude(z):
    return (z.real**2 + z.imag**2 + 1e-8) ** 0.15


def pair(a, b):
    difference = compress(a) - compress(b)
    complex_part = (difference.real**2 + difference.imag**2).mean()
    return complex_part, ((magnitude(a) - magnitude(b)) ** 2).mean()


def losses(speech, echo, speech_true, echo_true):
    """(speech complex, speech magnitude, echo complex, echo magnitude, total)"""
    sc, sm = pair(speech, speech_true)
    ec, em = pair(echo, echo_true)
    return sc, sm, ec, em, 0.3 * sc + 0.7 * sm + 0.3 * (0.3 * ec + 0.7 * em)


def objective(network, call):
    """The loss that training goes down, and its parts.

    To the spectral loss it adds what that weighs too little: magnitudes of speech that are taken away
    (asymmetric), the SNR of the waveform where the near end may speak, and what is left of
    the microphone where it does not.
    """
    near, mic, active = call["near"], call["mic"], call["active"]
    speech, echo = network(mic, call["far"])
    near_spectrum = network.spectrum(near)
    spectral = losses(speech, echo, near_spectrum, network.spectrum(call["echo"]))
    lost = (torch.relu(magnitude(near_spectrum) - magnitude(speech)) ** 2).mean()
    out = network.waveform(speech, mic.shape[-1])
    speaks = (active.sum(1) > 0.3 * CONFIG["sample_rate"]).float()
    snr = (signal_to_noise(near, out, active) * speaks).sum() / speaks.sum().clamp(min=1)
    silent = ~active
    waits = (silent.sum(1) > 0.3 * CONFIG["sample_rate"]).float()
    left = (out**2 * silent).sum(1) / ((mic**2 * silent).sum(1) + 1e-6)
    removed = (-10 * torch.log10(left + 10**-3.5) * waits).sum() / waits.sum().clamp(min=1)
    loss = spectral[-1] + lost - 0.03 * snr - 0.01 * removed
    return loss, {"spectral": spectral[-1], "lost": lost, "snr": snr, "removed": removed}


# --- commands ---


def check(folder):
    torch.manual_seed(1)
    for case in ("small-causal", "small-symmetric", "full-causal"):
        place = os.path.join(folder, case)
        with open(os.path.join(place, "config.json")) as file:
            config = json.load(file)
        weights = read_safetensors(os.path.join(place, "weights.safetensors"))
        cases = read_safetensors(os.path.join(place, "cases.safetensors"))
        network = Network(config).eval()
        count = sum(value.numel() for value in network.parameters())
        report(f"{case} parameters", abs(count - config["trainable_parameters"]), 0)
        network.load(weights)
        kept = network.tensors()
        if sorted(kept) != sorted(weights):
            raise ValueError(f"{case}: names differ")
        for name, value in weights.items():
            if not torch.equal(kept[name], value):
                raise ValueError(f"{case}: {name} is not what was loaded")
        for entry in config["cases"]:
            name = entry["name"]

            def wanted(tensor):
                return torch.complex(cases[f"{name}.{tensor}.re"], cases[f"{name}.{tensor}.im"])

            with torch.no_grad():
                mic, far = cases[f"{name}.mic"][None], cases[f"{name}.far"][None]
                y, x = network.spectrum(mic), network.spectrum(far)
                echo_mask, speech_mask = network.masks(y, x)
                speech, _ = network(mic, far)
                out = network.waveform(speech, mic.shape[-1])
            pairs = {
                "E": (echo_mask[0], wanted("mask_echo")),
                "S": (speech_mask[0], wanted("mask_speech")),
                "O": (speech[0], wanted("stft_out")),
                "out": (out[0], cases[f"{name}.out"]),
            }
            for key, (got, reference) in pairs.items():
                allowed = entry["tolerance"][key]["suggested_abs_tolerance"]
                report(f"{case} {name} {key}", float((got - reference).abs().max()), allowed)
    place = os.path.join(folder, "train-step")
    with open(os.path.join(place, "config.json")) as file:
        config = json.load(file)
    cases = read_safetensors(os.path.join(place, "cases.safetensors"))
    network = Network(config).train()
    network.load(read_safetensors(os.path.join(place, "weights.safetensors")))
    adam = torch.optim.Adam(network.parameters(), lr=1e-3)
    speech, echo = network(cases["mic"], cases["far"])
    found = losses(speech, echo, network.spectrum(cases["near"]), network.spectrum(cases["echo"]))
    difference = (torch.stack(found).double() - cases["loss"]).abs().max()
    report("train-step loss", float(difference), 1e-6)
    found[-1].backward()
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    report("train-step norm", abs(float(norm) - config["gradient_norm_before_clip"]), 1e-6)
    gradients = gradient_tensors(network)
    worst = max(
        float((gradients[name[5:]] - value).abs().max())
        for name, value in cases.items()
        if name.startswith("grad.")
    )
    report("train-step gradients", worst, 1e-6)
    adam.step()
    after, worst = network.tensors(), 0.0
    for name, value in after.items():
        moved = (value.detach() - cases[f"after.{name}"]).abs()
        if name in gradients:
            moved = moved[cases[f"grad.{name}"].abs() > 1e-5]
        worst = max(worst, float(moved.max()) if moved.numel() else 0.0)
    report("train-step weights after", worst, 1e-5)


def gradient_tensors(network):
    """{name in a bundle: gradient}"""
    found = {}
    for place, module in network.places().items():
        if isinstance(module, Conv):
            for i, part in enumerate(("re", "im")):
                found[f"{place}.w_{part}"] = module.w.grad[i]
                found[f"{place}.b_{part}"] = module.b.grad[i]
        else:
            for field, name in ((module.weight, "gamma"), (module.bias, "beta")):
                for part, half in zip(("re", "im"), field.grad[module.sorted].chunk(2)):
                    found[f"{place}.{part}.{name}"] = half
    return found


@torch.no_grad()
def validate(network, calls):
    """Figures of held-out calls per kind, means in dB."""
    network.eval()
    figures = {}
    for call in calls:
        speech, _ = network(call["mic"], call["far"])
        out = network.waveform(speech, call["mic"].shape[-1])
        for i, kind in enumerate(audio_data.Calls.KINDS):
            chosen = call["kind"] == i
            if not chosen.any():
                continue
            mic, near, heard = (value[chosen] for value in (call["mic"], call["near"], out))
            if kind == "far":
                values = {"erle": 10 * torch.log10((mic**2).sum(1) / ((heard**2).sum(1) + 1e-9))}
            else:
                where = call["active"][chosen]
                mic, near, heard = mic * where, near * where, heard * where
                values = {"si_sdr": scale_invariant(near, heard), "mic": scale_invariant(near, mic)}
            for name, value in values.items():
                figures.setdefault(f"{kind}_{name}", []).append(value)
    network.train()
    return {name: round(float(torch.cat(values).mean()), 2) for name, values in figures.items()}


def train(options):
    toy = options.toy
    options.batch = options.batch or (2 if toy else 16)
    options.rate = options.rate or 2e-3
    options.precision = options.precision or "bf16"
    audio_training.set_precision(options.precision)
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(options.seed)
    device = torch.device(options.device)
    samples = int((1.5 if toy else options.seconds) * CONFIG["sample_rate"])

    speech, held_speech = audio_data.split(audio_data.unpack(options.data, "speech"))
    noise, held_noise = audio_data.split(audio_data.unpack(options.data, "noise"))
    say(f"{len(speech)} speakers and {len(noise)} noises, {len(held_speech)} and {len(held_noise)} held")
    draw = audio_data.Draw(options.seed, device)
    speeds = (1.0,) if toy else (0.88, 0.94, 1.0, 1.06, 1.12)
    rooms = audio_data.room_responses(draw, 3 if toy else 500)
    calls = audio_data.Calls(
        audio_data.Bank(speech, device, speeds=speeds), audio_data.Bank(noise, device), rooms
    )
    held = audio_data.Draw(1000, device)
    held_calls = audio_data.Calls(
        audio_data.Bank(held_speech, device),
        audio_data.Bank(held_noise, device),
        audio_data.room_responses(held, 3 if toy else 40),
    )
    kinds = torch.arange(options.batch, device=device) % len(calls.KINDS)
    held_calls = [
        held_calls.batch(held, options.batch, samples, kinds) for _ in range(1 if toy else 5)
    ]
    say(f"{len(rooms)} rooms made{audio_training.memory()}")

    network = Network(CONFIG).to(device)
    network.start()
    network.autocast = options.precision == "bf16"
    training = Training(dict(network.named_parameters()), options)

    def keep(batches):
        training.exchange()
        settling = (calls.batch(draw, options.batch, samples) for _ in range(batches))
        before = {name: value.clone() for name, value in network.state_dict().items()}
        network.settle((call["mic"], call["far"]) for call in settling)
        figures = validate(network, held_calls)
        say("validation", json.dumps(figures))
        os.makedirs(options.folder, exist_ok=True)
        tensors = {
            name: value.detach().float().cpu().numpy() for name, value in network.tensors().items()
        }
        write_safetensors(os.path.join(options.folder, "weights.safetensors"), tensors)
        audio_training.write(
            os.path.join(options.folder, "config.json"), json.dumps(CONFIG, indent=1).encode()
        )
        network.load_state_dict(before)
        training.exchange()
        training.save(
            {
                "data": audio_data.amounts(speech=speech, noise=noise),
                "rooms": len(rooms),
                "seconds_per_item": samples / CONFIG["sample_rate"],
                "validation": figures,
            }
        )

    while training.goes_on():
        call = calls.batch(draw, options.batch, samples)
        training.learn(*objective(network, call))
        if training.due():
            keep(8)
    keep(2 if toy else 48)
    say("done")


def short_time_intelligibility(clean, heard):
    """STOI (Taal et al. 2011) of signals at 16 kHz, resampled to 10 kHz."""
    count = len(clean) // 8 * 8
    spectra = (np.fft.rfft(v[:count])[: count * 5 // 16 + 1] for v in (clean, heard))
    x, y = (np.fft.irfft(spectrum, count * 5 // 8) for spectrum in spectra)
    size, hop = 256, 128
    window = np.hanning(size + 2)[1:-1]

    def frames(v):
        count = (len(v) - size) // hop + 1
        return np.stack([v[i * hop : i * hop + size] * window for i in range(max(count, 1))])

    fx, fy = frames(x), frames(y)
    energy = 20 * np.log10(np.linalg.norm(fx, axis=1) + 1e-16)
    loud = energy > energy.max() - 40

    def joined(f):
        out = np.zeros((len(f) + 1) * hop)
        for i, frame in enumerate(f):
            out[i * hop : i * hop + size] += frame
        return out

    spectra = [np.abs(np.fft.rfft(frames(joined(f[loud])), 512)) ** 2 for f in (fx, fy)]
    centres = 150 * 2 ** (np.arange(15) / 3)
    bins = np.arange(257) * 10000 / 512
    bands = []
    for centre in centres:
        low, high = (np.argmin((bins - centre * 2**e) ** 2) for e in (-1 / 6, 1 / 6))
        bands.append((np.arange(257) >= low) & (np.arange(257) < high))
    bands = np.array(bands, float)
    bx, by = (np.sqrt(s @ bands.T) for s in spectra)
    values = []
    for m in range(30, len(bx) + 1):
        sx, sy = bx[m - 30 : m], by[m - 30 : m]
        sy = sy * np.linalg.norm(sx, axis=0) / (np.linalg.norm(sy, axis=0) + 1e-16)
        sy = np.minimum(sy, sx * (1 + 10**0.75))
        sx, sy = sx - sx.mean(0), sy - sy.mean(0)
        norms = np.linalg.norm(sx, axis=0) * np.linalg.norm(sy, axis=0) + 1e-16
        values.append((sx * sy).sum(0) / norms)
    return float(np.mean(values))


def echo_loss_enhancement(mic, far, out, after=0.0):
    """ERLE in dB over the 20 ms frames whose far end is within 40 dB of its loudest."""
    size = 320
    count = len(mic) // size
    power = [(v[: count * size].reshape(count, size) ** 2).sum(1) for v in (mic, far, out)]
    chosen = power[1] > power[1].max() * 1e-4
    chosen &= np.arange(count) * size >= after * CONFIG["sample_rate"]
    return 10 * np.log10(power[0][chosen].sum() / (power[2][chosen].sum() + 1e-12))


def evaluate(bundle, folder, scenarios):
    with open(os.path.join(bundle, "config.json")) as file:
        network = Network(json.load(file)).eval()
    network.load(read_safetensors(os.path.join(bundle, "weights.safetensors")))
    with open(os.path.join(folder, "metadata.csv"), newline="") as file:
        rows = list(csv.DictReader(file))
    table = {}
    for row in rows:
        if scenarios and row["scenario"] not in scenarios:
            continue
        place = os.path.join(folder, row["case"])
        files = {
            name: audio_data.read_wav(os.path.join(place, name + ".wav"))[0] / 32768
            for name in ("mic", "far", "near")
            if os.path.exists(os.path.join(place, name + ".wav"))
        }
        mic, far = (torch.from_numpy(files[name]).float()[None] for name in ("mic", "far"))
        with torch.no_grad():
            speech, _ = network(mic, far)
            out = network.waveform(speech, mic.shape[-1])[0].double().numpy()
        values = {}
        if "farend_only" in row["scenario"]:
            after = 4.5 if row["path_change_s"] else 3.0
            values["ERLE"] = echo_loss_enhancement(files["mic"], files["far"], out)
            values["ERLE tail"] = echo_loss_enhancement(files["mic"], files["far"], out, after)
        elif "near" in files:
            a, b = (int(float(row[k]) * CONFIG["sample_rate"]) for k in ("near_start_s", "near_end_s"))
            near, heard, raw = (v[a:b] for v in (files["near"], out, files["mic"]))
            for name, signal in (("mic ", raw), ("", heard)):
                both = torch.from_numpy(near), torch.from_numpy(np.ascontiguousarray(signal))
                values[name + "SI-SDR"] = float(scale_invariant(*both))
                values[name + "STOI"] = short_time_intelligibility(near, signal)
        table.setdefault(row["scenario"], []).append(values)
        print(row["case"], row["scenario"], {k: round(v, 3) for k, v in values.items()}, flush=True)
    for scenario, cases in table.items():
        means = {k: round(float(np.mean([case[k] for case in cases])), 3) for k in cases[0]}
        print(f"{scenario} ({len(cases)}): {means}")


def cases(bundle):
    """A second of swelling noise and of its echo, and what the network makes of them in float64."""
    path = os.path.join(bundle, "config.json")
    with open(path) as file:
        config = json.load(file)
    network = Network(config).double().eval()
    network.load(read_safetensors(os.path.join(bundle, "weights.safetensors")))
    random = np.random.default_rng(1)
    samples = config["sample_rate"]
    swell = 0.2 + 0.8 * np.sin(2 * np.pi * 3 * np.arange(samples) / samples) ** 2
    far = (0.1 * swell * random.standard_normal(samples)).astype(np.float32)
    room = np.zeros(1200)
    room[300:] = random.standard_normal(900) * np.exp(-np.arange(900) / 200.0) * 0.3
    near = 0.05 * swell[::-1] * random.standard_normal(samples)
    mic = (np.convolve(far, room)[:samples] + near).astype(np.float32)
    with torch.no_grad():
        signals = [torch.from_numpy(v.astype(np.float64))[None] for v in (mic, far)]
        y, x = (network.spectrum(signal) for signal in signals)
        masks = network.masks(y, x)
        speech, _ = network(*signals)
        out = network.waveform(speech, samples)[0]
    tensors = {"c0.mic": mic, "c0.far": far, "c0.out": out.numpy()}
    named = zip(("mask_echo", "mask_speech", "stft_out"), (*masks, speech))
    for name, value in named:
        tensors[f"c0.{name}.re"], tensors[f"c0.{name}.im"] = value[0].real.numpy(), value[0].imag.numpy()
    tensors = {name: value.astype(np.float32) for name, value in tensors.items()}
    write_safetensors(os.path.join(bundle, "cases.safetensors"), tensors)
    config["cases"] = [{"name": "c0", "samples": samples}]
    config["tolerance"] = {"metric": "maxAbs", "value": 2e-4}
    audio_training.write(path, (json.dumps(config, indent=1) + "\n").encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check").add_argument("golden")
    training = commands.add_parser("train")
    audio_training.add_options(training)
    training.add_argument("--seconds", type=float, default=4.0, help="length of an item")
    evaluation = commands.add_parser("evaluate")
    evaluation.add_argument("bundle")
    evaluation.add_argument("cases")
    evaluation.add_argument("scenarios", nargs="*", help="only these")
    commands.add_parser("cases").add_argument("bundle")
    options = parser.parse_args()
    if options.command == "check":
        check(options.golden)
    elif options.command == "cases":
        cases(options.bundle)
    elif options.command == "train":
        train(options)
    else:
        evaluate(options.bundle, options.cases, options.scenarios)


if __name__ == "__main__":
    main()
