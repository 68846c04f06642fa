# SPDX-License-Identifier: Apache-2.0
"""MossFormer2 for speech separation: definition and training of a small one.

    mossformer2.py check GOLDEN_FOLDER              against the reference numbers
    mossformer2.py train DATA FOLDER [--minutes 8]  on a GPU if there is one; DATA: audio_data.py pack
    mossformer2.py evaluate BUNDLE MIXTURES_FOLDER  SI-SDR improvement, a file at once
    mossformer2.py cases BUNDLE                     adds a self-test case to a bundle
    mossformer2.py random FOLDER                    small bundles of other sizes, for the tests
    mossformer2.py voices FILE                      the recording of two artificial voices
    mossformer2.py published FOLDER                 a bundle of the published size, for its pace

Zhao et al., "MossFormer2: Combining Transformer and RNN-Free Recurrent Network for Enhanced Time-Domain
Monaural Speech Separation", 2023 (arXiv 2312.11825).
"""
import argparse
import glob
import json
import math
import os
import wave

import numpy as np
import torch
import torch.nn.functional as F

import audio_data
import audio_training
from audio_training import Training, report, say, scale_invariant, signal_to_noise
from timesnet import read_safetensors, write_safetensors

CONFIG = {
    "architecture": "mossformer2",
    "model": "MossFormer2",
    "sample_rate": 8000,
    "encoder_kernel_size": 16,
    "encoder_stride": 8,
    "encoder_dim": 128,
    "num_layers": 6,
    "num_speakers": 2,
    "group_size": 256,
    "query_key_dim": 64,
    "expansion_factor": 4.0,
    "fsmn_inner_channels": 64,
    "fsmn_lorder": 20,
    "fsmn_dense_depth": 2,
    "depthwise_kernel": 17,
    "rotary_dim_max": 32,
    "rotary_theta": 10000,
    "skip_mask_multiplication": False,
    "eps": {
        "masknet_norm": 1e-08,
        "intra_norm": 1e-08,
        "final_layernorm": 1e-06,
        "fsmn_layernorms": 1e-05,
        "instance_norm": 1e-05,
        "scalenorm_floor": 1e-05,
    },
    "parameters": 1084074,
    "kind": "model",
    "inputs": ["mixture"],
}

MODEL = "masknet.dual_mdl.0.intra_mdl.mdl."
FLASH = MODEL + "flashT."
NOT_LEARNT = ("pos_enc.inv_freq", "rotary_pos_emb.freqs")


# --- network ---


def depthwise(x, weight, dilation=1):
    """Convolution of each channel of [B, T, C] along time, as long as before."""
    reach = dilation * (weight.shape[-1] - 1) // 2
    y = F.conv1d(
        x.transpose(1, 2).contiguous(),
        weight,
        padding=reach,
        dilation=dilation,
        groups=weight.shape[0],
    )
    return y.transpose(1, 2)


def global_norm(x, weight, bias, eps):
    """[B, T, N], over both axes of an item."""
    variance, mean = torch.var_mean(x, (1, 2), unbiased=False, keepdim=True)
    return (x - mean) / torch.sqrt(variance + eps) * weight + bias


class Network:
    """The network as a function of its weights, {name: tensor}."""

    def __init__(self, config, weights):
        self.c, self.w = config, weights

    def forward(self, mixture):
        """[B, L] -> [B, S, L]"""
        c, w = self.c, self.w
        n, stride, eps = c["encoder_dim"], c["encoder_stride"], c["eps"]
        batch, length = mixture.shape
        encoded = F.conv1d(mixture[:, None], w["encoder.conv1d.weight"], stride=stride)
        encoded = torch.relu(encoded).transpose(1, 2)
        frames = encoded.shape[1]
        x = global_norm(
            encoded, w["masknet.norm.weight"], w["masknet.norm.bias"], eps["masknet_norm"]
        )
        x = F.linear(x, w["masknet.conv1d_encoder.weight"][:, :, 0])
        # angles are float32, in whatever precision the rest is
        t = torch.arange(frames, device=x.device, dtype=torch.float32)
        angle = (t[:, None] * w["masknet.pos_enc.inv_freq"].float()).to(x.dtype)
        position = torch.cat([torch.sin(angle), torch.cos(angle)], 1)
        start = x = x + w["masknet.pos_enc.scale"] * position
        angle = (t[:, None] * w[FLASH + "layers.0.rotary_pos_emb.freqs"].float()).to(x.dtype)
        turn = torch.cos(angle), torch.sin(angle)
        for i in range(c["num_layers"]):
            x = self._attention(x, f"{FLASH}layers.{i}.", turn)
            x = self._fsmn(x, f"{FLASH}fsmn.{i}.")
        x = self._layer_norm(x, MODEL + "norm.norm", eps["final_layernorm"])
        prefix = "masknet.dual_mdl.0.intra_norm."
        x = start + global_norm(x, w[prefix + "weight"], w[prefix + "bias"], eps["intra_norm"])
        x = F.prelu(x, w["masknet.prelu.weight"])
        x = self._pointwise(x, "masknet.conv1d_out")
        x = x.reshape(batch, frames, c["num_speakers"], n).transpose(1, 2)
        x = torch.tanh(self._pointwise(x, "masknet.output.0")) * torch.sigmoid(
            self._pointwise(x, "masknet.output_gate.0")
        )
        x = torch.relu(F.linear(x, w["masknet.conv1_decoder.weight"][:, :, 0]))
        if not c["skip_mask_multiplication"]:
            x = x * encoded[:, None]
        x = x.flatten(0, 1).transpose(1, 2)
        y = F.conv_transpose1d(x, w["decoder.weight"], stride=stride)[:, 0]
        return F.pad(y, (0, length - y.shape[-1])).reshape(batch, -1, length)

    def _pointwise(self, x, name):
        return F.linear(x, self.w[name + ".weight"].squeeze(-1), self.w[name + ".bias"])

    def _layer_norm(self, x, name, eps):
        return F.layer_norm(x, x.shape[-1:], self.w[name + ".weight"], self.w[name + ".bias"], eps)

    def _units(self, x, *prefixes):
        """Feed-forward units of one input, done at once: joined outputs.

        What a unit's norm scales and shifts by is moved into its linear layer, and the way around
        its depthwise convolution into the kernel's middle.
        """
        w, eps = self.w, self.c["eps"]
        matrices, biases, kernels = [], [], []
        for prefix in prefixes:
            matrix, bias = w[prefix + "mdl.1.weight"], w[prefix + "mdl.1.bias"]
            scaled = prefix + "mdl.0.g" in w
            if scaled:
                matrix = matrix * w[prefix + "mdl.0.g"]
            else:
                bias = bias + matrix @ w[prefix + "mdl.0.bias"]
                matrix = matrix * w[prefix + "mdl.0.weight"]
            matrices.append(matrix)
            biases.append(bias)
            kernels.append(w[prefix + "mdl.3.sequential.1.conv.weight"])
        if scaled:
            size = torch.linalg.vector_norm(x, dim=-1, keepdim=True) / math.sqrt(x.shape[-1])
            x = x / size.clamp(min=eps["scalenorm_floor"])
        else:
            x = F.layer_norm(x, x.shape[-1:], eps=eps["fsmn_layernorms"])
        kernel = torch.cat(kernels)
        around = torch.zeros_like(kernel[:1])
        around[..., kernel.shape[-1] // 2] = 1
        return depthwise(F.silu(F.linear(x, torch.cat(matrices), torch.cat(biases))), kernel + around)

    def _attention(self, x, prefix, turn):
        c, w = self.c, self.w
        batch, frames, n = x.shape
        g = c["group_size"]
        late, now = x.chunk(2, -1)
        shifted = torch.cat([F.pad(late, (0, 0, 1, -1)), now], -1)
        both = self._units(shifted, prefix + "to_hidden.", prefix + "to_qk.")
        vu, z = both.split([int(c["expansion_factor"] * n), c["query_key_dim"]], -1)
        gamma, beta = (w[prefix + "qk_offset_scale." + name] for name in ("gamma", "beta"))
        heads = torch.addcmul(beta, z[..., None, :], gamma)
        cos, sin = (value[:, None, :] for value in turn)
        size = 2 * cos.shape[-1]
        turning, rest = heads.split([size, c["query_key_dim"] - size], -1)
        a, b = turning.unflatten(-1, (size // 2, 2)).unbind(-1)
        turned = torch.stack([a * cos - b * sin, b * cos + a * sin], -1).flatten(-2)
        heads = torch.cat([turned, rest], -1)
        near_q, far_q, near_k, far_k = heads.unbind(-2)
        missing = -frames % g

        def groups(value):
            padded = F.pad(value, (0, 0, 0, missing)) if missing else value
            return padded.reshape(batch, -1, g, value.shape[-1])

        scores = torch.relu(groups(near_q) @ groups(near_k).transpose(-1, -2) / g) ** 2
        attended = (scores @ groups(vu)).flatten(1, 2)[:, :frames]
        attended = torch.baddbmm(attended, far_q, far_k.transpose(1, 2) @ vu / frames)
        v, u = vu.chunk(2, -1)
        att_v, att_u = attended.chunk(2, -1)
        return x + self._units(att_u * v * torch.sigmoid(att_v * u), prefix + "to_out.")

    def _fsmn(self, x, prefix):
        w, eps = self.w, self.c["eps"]["fsmn_layernorms"]
        h = F.prelu(self._pointwise(x, prefix + "conv1.0"), w[prefix + "conv1.1.weight"])
        a = self._layer_norm(h, prefix + "norm1", eps)
        gated = prefix + "gated_fsmn."
        xu, xv = self._units(a, gated + "to_u.", gated + "to_v.").chunk(2, -1)
        h = torch.relu(self._pointwise(xu, gated + "fsmn.linear"))
        p = F.linear(h, w[gated + "fsmn.project.weight"])
        conv = gated + "fsmn.conv."
        o = self._memory(depthwise(p, w[conv + "conv1.weight"][..., 0]), conv, 1)
        both = torch.cat([o, p], -1)
        pair = w[conv + "conv2.weight"][..., 0]
        o = depthwise(both[..., 0::2], pair[:, :1], 2) + depthwise(both[..., 1::2], pair[:, 1:], 2)
        o = self._memory(o, conv, 2)
        b = self._layer_norm(xv * (xu + o) + a, prefix + "norm2", eps)
        return x + self._pointwise(b, prefix + "conv2")

    def _memory(self, x, prefix, which):
        """Instance norm over time and a slope per channel."""
        w = self.w
        variance, mean = torch.var_mean(x, 1, unbiased=False, keepdim=True)
        x = (x - mean) / torch.sqrt(variance + self.c["eps"]["instance_norm"])
        x = x * w[f"{prefix}norm{which}.weight"] + w[f"{prefix}norm{which}.bias"]
        return torch.where(x > 0, x, x * w[f"{prefix}prelu{which}.weight"])


def random_weights(config):
    """Weights to start from, drawn as PyTorch's layers draw theirs."""
    n, d, c = config["encoder_dim"], config["query_key_dim"], config["fsmn_inner_channels"]
    k, s = config["encoder_kernel_size"], config["num_speakers"]
    width = config["depthwise_kernel"]
    weights = {}

    def uniform(name, shape, fan_in):
        weights[name] = (2 * torch.rand(shape) - 1) / math.sqrt(fan_in)

    def linear(name, shape, bias=True):
        uniform(name + ".weight", shape, shape[1])
        if bias:
            uniform(name + ".bias", shape[:1], shape[1])

    def norm(name, size):
        weights[name + ".weight"], weights[name + ".bias"] = torch.ones(size), torch.zeros(size)

    def unit(name, i, o, scale):
        if scale:
            weights[name + ".mdl.0.g"] = torch.ones(1)
        else:
            norm(name + ".mdl.0", i)
        linear(name + ".mdl.1", (o, i))
        uniform(name + ".mdl.3.sequential.1.conv.weight", (o, 1, width), width)

    uniform("encoder.conv1d.weight", (n, 1, k), k)
    uniform("decoder.weight", (n, 1, k), k)
    norm("masknet.norm", n)
    linear("masknet.conv1d_encoder", (n, n, 1), bias=False)
    linear("masknet.conv1_decoder", (n, n, 1), bias=False)
    weights["masknet.pos_enc.scale"] = torch.ones(1)
    weights["masknet.pos_enc.inv_freq"] = 10000 ** (-torch.arange(0, n, 2) / n)
    linear("masknet.conv1d_out", (s * n, n, 1))
    weights["masknet.prelu.weight"] = torch.full((1,), 0.25)
    linear("masknet.output.0", (n, n, 1))
    linear("masknet.output_gate.0", (n, n, 1))
    norm("masknet.dual_mdl.0.intra_norm", n)
    norm(MODEL + "norm.norm", n)
    rotary = min(config["rotary_dim_max"], d)
    turning = config["rotary_theta"] ** (-torch.arange(0, rotary, 2) / rotary)
    hidden = int(config["expansion_factor"] * n)
    order = 2 * config["fsmn_lorder"] - 1
    for i in range(config["num_layers"]):
        layer = f"{FLASH}layers.{i}."
        unit(layer + "to_hidden", n, hidden, True)
        unit(layer + "to_qk", n, d, True)
        unit(layer + "to_out", hidden // 2, n, True)
        weights[layer + "qk_offset_scale.gamma"] = 0.02 * torch.randn(4, d)
        weights[layer + "qk_offset_scale.beta"] = torch.zeros(4, d)
        weights[layer + "rotary_pos_emb.freqs"] = turning
        layer = f"{FLASH}fsmn.{i}."
        linear(layer + "conv1.0", (c, n, 1))
        weights[layer + "conv1.1.weight"] = torch.full((1,), 0.25)
        norm(layer + "norm1", c)
        norm(layer + "norm2", c)
        unit(layer + "gated_fsmn.to_u", c, c, False)
        unit(layer + "gated_fsmn.to_v", c, c, False)
        memory = layer + "gated_fsmn.fsmn."
        linear(memory + "linear", (c, c))
        linear(memory + "project", (c, c), bias=False)
        uniform(memory + "conv.conv1.weight", (c, 1, order, 1), order)
        uniform(memory + "conv.conv2.weight", (c, 2, order, 1), 2 * order)
        for j in (1, 2):
            norm(f"{memory}conv.norm{j}", c)
            weights[f"{memory}conv.prelu{j}.weight"] = torch.full((c,), 0.25)
        linear(layer + "conv2", (n, c, 1))
    return {name: value.float() for name, value in weights.items()}


# --- training ---


def best_order(sources, estimates, measure):
    """The measure's mean over two speakers in the better order, [B]."""
    table = measure(sources[:, :, None], estimates[:, None])
    straight = table[:, 0, 0] + table[:, 1, 1]
    crossed = table[:, 0, 1] + table[:, 1, 0]
    return torch.maximum(straight, crossed) / 2


def objective(network, mixture, sources):
    """SI-SDR in the better order, and a fifth SNR: windows of a stream need the true level."""
    estimates = network.forward(mixture)

    def measure(reference, estimate):
        invariant = scale_invariant(reference, estimate, 30.0)
        return 0.8 * invariant + 0.2 * signal_to_noise(reference, estimate)

    quality = best_order(sources, estimates, measure)
    with torch.no_grad():
        improvement = gain(mixture, sources, estimates)
    return -quality.mean(), {"si_sdr_i": improvement.mean()}


def gain(mixture, sources, estimates):
    """SI-SDR improvement in dB, [B]."""
    before = scale_invariant(sources, mixture[:, None].expand_as(sources)).mean(1)
    return best_order(sources, estimates, scale_invariant) - before


def mix(bank, draw, batch, samples):
    """Mixtures [B, n] of two speakers, and the two, [B, 2, n]."""
    rate = CONFIG["sample_rate"]
    sources = []
    for clip in draw.two_clips(bank.clips, batch):
        track, sounds = bank.tracks(draw, clip, samples, (int(0.02 * rate), int(0.4 * rate)))
        shape = audio_data.equaliser(draw, batch, samples // 2 + 1, 1.5)
        track = torch.fft.irfft(torch.fft.rfft(track) * shape, n=samples)
        loudness = audio_data.decibels(draw.uniform(-2.5, 2.5, batch))
        sources.append(track * (loudness / audio_data.level(track, sounds))[:, None])
    sources = torch.stack(sources, 1)
    sources = sources * audio_data.decibels(draw.uniform(-34, -20, batch))[:, None, None]
    return sources.sum(1), sources


def whole_groups(seconds):
    """About so many seconds in samples, of which frames fill their groups."""
    stride, group = CONFIG["encoder_stride"], CONFIG["group_size"]
    groups = max(1, round(seconds * CONFIG["sample_rate"] / stride / group))
    return stride * group * groups + CONFIG["encoder_kernel_size"] - stride


def train(options):
    toy = options.toy
    options.batch = options.batch or (2 if toy else 16)
    options.rate = options.rate or 1e-3
    options.precision = options.precision or "tf32"
    audio_training.set_precision(options.precision)
    torch.manual_seed(options.seed)
    device = torch.device(options.device)
    rate = CONFIG["sample_rate"]
    speech, held_speech = audio_data.split(audio_data.unpack(options.data, "speech"))
    say(f"{len(speech)} speakers, {len(held_speech)} held")
    speeds = (1.0,) if toy else (0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.2)
    bank = audio_data.Bank(speech, device, rate, speeds)
    held_bank = audio_data.Bank(held_speech, device, rate)
    draw, held = audio_data.Draw(options.seed, device), audio_data.Draw(1000, device)
    held_mixes = [
        mix(held_bank, held, 4 if toy else 16, (1 if toy else 5) * rate) for _ in range(1 if toy else 4)
    ]

    weights = {name: value.to(device) for name, value in random_weights(CONFIG).items()}
    learnt = {name: v.requires_grad_() for name, v in weights.items() if not name.endswith(NOT_LEARNT)}
    network = Network(CONFIG, weights)
    training = Training(learnt, options)
    say(f"{sum(value.numel() for value in learnt.values())} weights{audio_training.memory()}")
    autocast = {"dtype": torch.bfloat16, "enabled": options.precision == "bf16"}

    def keep():
        training.exchange()
        with torch.no_grad():
            gains = [gain(m, s, network.forward(m)) for m, s in held_mixes]
        figures = {"si_sdr_i": round(float(torch.cat(gains).mean()), 2)}
        say("validation", json.dumps(figures))
        os.makedirs(options.folder, exist_ok=True)
        tensors = {name: value.detach().cpu().numpy() for name, value in weights.items()}
        write_safetensors(os.path.join(options.folder, "weights.safetensors"), tensors)
        audio_training.write(
            os.path.join(options.folder, "config.json"), json.dumps(CONFIG, indent=1).encode()
        )
        training.exchange()
        training.save({"data": audio_data.amounts(speech=speech), "validation": figures})

    while training.goes_on():
        # Short items first, more of them in the same time; then as long as what is to be separated.
        long = training.progress() > 0.7
        batch = max(1, options.batch * 3 // 5) if long else options.batch
        mixture, sources = mix(bank, draw, batch, whole_groups(1 if toy else 5 if long else 3))
        with torch.autocast(device.type, **autocast):
            loss, figures = objective(network, mixture, sources)
        training.learn(loss, figures)
        if training.due():
            keep()
    keep()
    say("done")


# --- commands ---


def check(folder):
    for case in ("tiny-2spk", "default-constants-2spk", "tiny-3spk-nomask"):
        place = os.path.join(folder, case)
        with open(os.path.join(place, "config.json")) as file:
            config = json.load(file)
        weights = read_safetensors(os.path.join(place, "weights.safetensors"))
        cases = read_safetensors(os.path.join(place, "cases.safetensors"))
        drawn = random_weights(config)
        if {name: value.shape for name, value in drawn.items()} != {
            name: value.shape for name, value in weights.items()
        }:
            raise ValueError(f"{case}: names or shapes differ")
        for name in weights:
            if name.endswith(NOT_LEARNT) and not torch.allclose(drawn[name], weights[name], rtol=1e-5):
                raise ValueError(f"{case}: {name} differs")
        network = Network(config, weights)
        for entry in config["cases"]:
            name = entry["name"]
            with torch.no_grad():
                found = network.forward(cases[name + ".mixture"]).transpose(0, 1)
            reference = cases[name + ".separated"]
            size = float(reference.norm())
            wrong = float((found - reference).norm()) / (size or 1.0)
            report(f"{case} {name}", wrong, 1e-4 if size else 0.0)
    weights = random_weights(CONFIG)
    size = sum(v.numel() for name, v in weights.items() if not name.endswith("freqs"))
    size += CONFIG["rotary_dim_max"] // 2 - weights["masknet.pos_enc.inv_freq"].numel()
    report("parameters of the trained size", abs(size - CONFIG["parameters"]), 0)


def evaluate(bundle, folder):
    with open(os.path.join(bundle, "config.json")) as file:
        config = json.load(file)
    weights = read_safetensors(os.path.join(bundle, "weights.safetensors"))
    network = Network(config, weights)
    improvements = []
    for place in sorted(glob.glob(os.path.join(folder, "*", "item*"))):
        mixture, *sources = (
            torch.from_numpy(audio_data.read_wav(os.path.join(place, name))[0] / 32768).float()
            for name in ("mix.wav", "source1.wav", "source2.wav")
        )
        with torch.no_grad():
            estimates = network.forward(mixture[None])
        improvement = float(gain(mixture[None], torch.stack(sources)[None], estimates))
        improvements.append(improvement)
        print(f"{os.path.relpath(place, folder)}: SI-SDRi {improvement:.2f} dB", flush=True)
    mean, median = np.mean(improvements), np.median(improvements)
    print(f"{len(improvements)} items: SI-SDRi {mean:.2f} dB, median {median:.2f} dB")


def artificial(samples, seed, rate):
    """Two tones with overtones that swell in turn, and noise: [samples] in float32."""
    random = np.random.default_rng(seed)
    t = np.arange(samples) / rate
    mixture = 0.01 * random.standard_normal(samples)
    for pitch, turn in ((110, 0.0), (190, 0.5)):
        swell = np.clip(np.sin(2 * np.pi * (2.3 * t + turn)), 0, None)
        wander = pitch * (t + 0.01 * np.sin(2 * np.pi * 3 * t))
        for overtone in range(1, 9):
            phase = random.uniform(0, 2 * np.pi)
            mixture += 0.08 / overtone * swell * np.sin(2 * np.pi * overtone * wander + phase)
    return mixture.astype(np.float32)


def add_cases(folder, config, weights, lengths):
    """Puts a bundle with cases of these lengths, in float64, into a folder."""
    exact = Network(config, {name: value.double() for name, value in weights.items()})
    tensors, described = {}, []
    for i, length in enumerate(lengths):
        mixture = torch.from_numpy(artificial(length, i, config["sample_rate"]))[None]
        with torch.no_grad():
            separated = exact.forward(mixture.double()).transpose(0, 1)
        tensors[f"case{i}.mixture"] = mixture.numpy()
        tensors[f"case{i}.separated"] = separated.float().numpy()
        described.append({"name": f"case{i}", "samples": length})
    config["cases"] = described
    config["tolerance"] = {"metric": "relativeL2", "value": 1e-4, "zero_reference": "exact"}
    write_safetensors(os.path.join(folder, "cases.safetensors"), tensors)
    text = json.dumps(config, indent=1) + "\n"
    audio_training.write(os.path.join(folder, "config.json"), text.encode())


def cases(bundle):
    with open(os.path.join(bundle, "config.json")) as file:
        config = json.load(file)
    weights = read_safetensors(os.path.join(bundle, "weights.safetensors"))
    add_cases(bundle, config, weights, (12000, 8192 + 8))


SIZES = (
    ("encoder_dim", "num_layers", "group_size", "query_key_dim", "expansion_factor")
    + ("fsmn_inner_channels", "fsmn_lorder", "depthwise_kernel", "encoder_kernel_size", "encoder_stride")
)
BUNDLES = {
    # name: sizes in the order of SIZES, then what else config.json says
    "odd-groups": ((20, 2, 7, 10, 2.0, 10, 4, 9, 12, 6), {}),
    "three-mapped": ((16, 1, 64, 40, 4.0, 6, 12, 17, 16, 8), {"num_speakers": 3}),
    "wide": ((64, 1, 32, 36, 1.5, 48, 20, 3, 16, 8), {"sample_rate": 16000}),
    "three-quarters": ((12, 3, 16, 6, 4.0, 14, 1, 1, 8, 3), {}),
}


def random(folder):
    """Weights of all kinds drawn anew, so that gains, offsets and slopes matter."""
    for seed, (name, (sizes, more)) in enumerate(BUNDLES.items()):
        torch.manual_seed(seed)
        config = {**CONFIG, **dict(zip(SIZES, sizes)), **more, "window_samples": 600}
        config["skip_mask_multiplication"] = name.endswith("mapped")
        weights = random_weights(config)
        config["parameters"] = sum(value.numel() for value in weights.values())
        for key, value in weights.items():
            if key.endswith(NOT_LEARNT):
                continue
            if value.dim() == 1:
                value += 0.2 * torch.randn(value.shape)
            elif key.endswith(("gamma", "beta")):
                value += 0.5 * torch.randn(value.shape)
        place = os.path.join(folder, name)
        os.makedirs(place, exist_ok=True)
        tensors = {key: value.numpy() for key, value in weights.items()}
        write_safetensors(os.path.join(place, "weights.safetensors"), tensors)
        add_cases(place, config, weights, (601, 24, 1600))


def voices(path):
    """Two artificial voices over 14 s, as a WAV file of 16 bits."""
    rate = CONFIG["sample_rate"]
    steps = np.round(32767 * artificial(14 * rate, 7, rate)).astype("<i2")
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(steps.tobytes())


def published(folder):
    """55.7 M weights by chance."""
    sizes = (512, 24, 256, 128, 4.0, 256, 20, 17, 16, 8)
    config = {**CONFIG, **dict(zip(SIZES, sizes)), "parameters": 55735410}
    torch.manual_seed(1)
    os.makedirs(folder, exist_ok=True)
    tensors = {name: value.numpy() for name, value in random_weights(config).items()}
    write_safetensors(os.path.join(folder, "weights.safetensors"), tensors)
    text = json.dumps(config, indent=1) + "\n"
    audio_training.write(os.path.join(folder, "config.json"), text.encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check").add_argument("golden")
    audio_training.add_options(commands.add_parser("train"))
    evaluation = commands.add_parser("evaluate")
    evaluation.add_argument("bundle")
    evaluation.add_argument("mixtures")
    commands.add_parser("cases").add_argument("bundle")
    commands.add_parser("random").add_argument("folder")
    commands.add_parser("voices").add_argument("file")
    commands.add_parser("published").add_argument("folder")
    options = parser.parse_args()
    if options.command == "check":
        check(options.golden)
    elif options.command == "train":
        train(options)
    elif options.command == "cases":
        cases(options.bundle)
    elif options.command == "random":
        random(options.folder)
    elif options.command == "voices":
        voices(options.file)
    elif options.command == "published":
        published(options.folder)
    else:
        evaluate(options.bundle, options.mixtures)


if __name__ == "__main__":
    main()
