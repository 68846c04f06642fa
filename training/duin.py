# SPDX-License-Identifier: Apache-2.0
"""Du-IN, words from depth electrodes: an independent definition of the three networks in PyTorch.

    duin.py check GOLDEN_FOLDER     against the reference numbers (vqvae, mae and cls below it)
    duin.py random FOLDER           small bundles of other sizes with random weights and cases
    duin.py published CONFIG FOLDER bundles of the published sizes (published-config.json) likewise
    duin.py pace CONFIG             milliseconds a window of the published classifier, one thread

After Zheng et al., "Du-IN: Discrete units-guided mask modeling for decoding speech from Intracranial
Neural signals", NeurIPS 2024. Needs Python 3 with PyTorch and NumPy; the product does not.
"""
import json
import math
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from timesnet import read_safetensors, write_safetensors


class DuIn:
    """A network of a config.json: plain functions of named weights, channels last."""

    def __init__(self, config, weights, dtype=torch.float64):
        self.model = config["model"]
        self.params = config["model_params"]
        self.w = {k: torch.as_tensor(np.array(v)).to(dtype) for k, v in weights.items()}
        self.dtype = dtype

    def linear(self, name, x):
        return F.linear(x, self.w[name + ".weight"], self.w[name + ".bias"])

    def norm(self, name, x):
        return F.layer_norm(x, x.shape[-1:], self.w[name + ".weight"], self.w[name + ".bias"])

    def project(self, block, x, subject, params):
        matrix = (subject @ self.w[f"{block}.subj_layer.W.weight"].T).reshape(
            len(x), params["d_input"], params["d_output"])
        y = torch.bmm(x, matrix)
        if params["use_bias"]:
            y = y + (subject @ self.w[f"{block}.subj_layer.B.weight"].T)[:, None]
        return y

    def embed(self, x, subject):
        t = self.params["tokenizer"]
        h = self.project("subj_block", x, subject, self.params["subj"])
        batch, length, width = h.shape
        h = h.reshape(-1, t["seg_len"], width).transpose(1, 2)
        for i in range(len(t["n_filters"])):
            name = f"tokenizer.conv_blocks.{i}"
            kernel, stride, dilation = t["kernel_sizes"][i], t["n_strides"][i], t["dilation_rates"][i]
            total = dilation * (kernel - 1)
            left = total // 2
            h = F.pad(h, (left, total - left if stride == 1 else left))
            h = F.conv1d(h, self.w[f"{name}.0.1.weight"], self.w[f"{name}.0.1.bias"],
                         stride=stride, dilation=dilation)
            if t["use_bn"][i]:
                n = name + ".1.1."
                h = F.batch_norm(h, self.w[n + "running_mean"], self.w[n + "running_var"],
                                 self.w[n + "weight"], self.w[n + "bias"])
            if t["pool_sizes"][i] > 1:
                h = F.avg_pool1d(h, t["pool_sizes"][i])
        return h.transpose(1, 2).reshape(batch, length // t["seg_len"], -1)

    def place(self, x):
        return x + self.w["emb_time.time_encodings"][: x.shape[1]]

    def transform(self, stack, x):
        p = self.params[stack]
        heads, width = p["n_heads"], p["d_head"]
        for i in range(p["n_blocks"]):
            name = f"{stack}.1.xfmr_blocks.{i}"

            def split(part):
                y = self.linear(f"{name}.mha.W_{part}.W", x)
                return y.reshape(*x.shape[:2], heads, width).transpose(1, 2)

            q = self.norm(f"{name}.mha.norm_q", split("q"))
            k = self.norm(f"{name}.mha.norm_k", split("k"))
            a = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(width), -1) @ split("v")
            a = a.transpose(1, 2).reshape(*x.shape[:2], -1)
            x = self.norm(f"{name}.norm_mha", x + self.linear(f"{name}.mha.proj.0", a))
            y = self.linear(f"{name}.ffn.fc2.0", torch.relu(self.linear(f"{name}.ffn.fc1.0", x)))
            x = self.norm(f"{name}.norm_ffn", x + y)
        return x

    def quantize(self, e):
        z = self.linear("vq_block.pre_proj.2", torch.tanh(self.linear("vq_block.pre_proj.0", e)))
        z = z / z.norm(dim=-1, keepdim=True).clamp(min=1e-12)
        book = self.w["vq_block.codex.embeddings"]
        distances = (z ** 2).sum(-1, keepdim=True) + (book ** 2).sum(-1) - 2 * z @ book.T
        codes = distances.argmin(-1)
        two = distances.topk(2, largest=False).values
        q = book[codes]
        out = self.linear("vq_block.post_proj.0", self.norm("vq_block.layernorm", q))
        return out, codes, z, q, (two[..., 1] - two[..., 0]).min()

    def regress(self, x):
        p = self.params["rgs"]
        h = x.transpose(1, 2)
        for i in range(len(p["n_filters"])):
            kernel, stride, dilation = p["kernel_sizes"][i], p["n_strides"][i], p["dilation_rates"][i]
            excess = dilation * (kernel - 1) + 1 - stride
            pad = -(-excess // 2)
            name = f"rgs_block.rgs_head.{i}.0.1"
            # written out, as the library forbids an output padding as large as the stride
            w, b = self.w[name + ".weight"], self.w[name + ".bias"]
            whole = F.conv_transpose1d(h, w, b, stride=stride, dilation=dilation)
            whole = F.pad(whole, (0, stride))
            whole[..., (h.shape[2] - 1) * stride + dilation * (kernel - 1) + 1:] = b[:, None]
            h = whole[..., pad: pad + h.shape[2] * stride]
        return self.linear(f"rgs_block.rgs_head.{len(p['n_filters'])}.0", h.transpose(1, 2))

    def vqvae(self, x, subject, mask):
        t = self.embed(x, subject)
        e = self.transform("encoder", self.place(t))
        out, codes, z, q, margin = self.quantize(e)
        d = self.transform("decoder", self.place(out))
        y = self.project("desubj_block", self.regress(d), subject, self.params["desubj"])
        errors = ((x - y) ** 2).mean(1)
        rgs = (errors * mask).sum() / mask.sum()
        vq = self.params["vq"]["beta"] * ((z - q) ** 2).mean()
        return {"patch_emb": t, "encoder": e, "vq.z_e": z, "codes": codes, "E_vq": out,
                "X_reconstr": y, "loss.rgs": rgs, "loss.vq": vq, "loss.total": rgs + vq}, margin

    def head(self, x, first):
        hidden = self.params["cls"]["d_hidden"]
        for i in range(len(hidden)):
            x = torch.relu(self.linear(f"cls_block.cls_head.{first + i}.0", x))
        return self.linear(f"cls_block.cls_head.{first + len(hidden)}.0", x)

    def mae(self, x, subject, noise, target):
        t = self.embed(x, subject)
        keep = int(noise.shape[1] * (1 - self.params["mask_ratio"]))
        rank = noise.argsort(1).argsort(1)
        mask = (rank >= keep).to(self.dtype)
        m = mask[..., None]
        e = self.w["mask_emb"]
        first = self.transform("encoder", self.place(t * (1 - m) + e * m))
        second = self.transform("encoder", self.place(t * m + e * (1 - m)))
        scores = self.head(first, 0) * m + self.head(second, 0) * (1 - m)
        loss = F.cross_entropy(scores.flatten(0, 1), target.flatten())
        return {"patch_emb": t, "encoder#0": first, "encoder#1": second, "mask": mask,
                "c_pred": scores, "loss.cls": loss}, torch.tensor(1.0)

    def cls(self, x, subject, target):
        e = self.transform("encoder", self.place(self.embed(x, subject)))
        logits = self.head(e.flatten(1), 1)
        y = torch.sigmoid(logits)
        loss = F.cross_entropy(y, target.argmax(1))
        return {"encoder": e, "cls.logits": logits, "y_pred": y, "loss.cls": loss}, torch.tensor(1.0)

    def run(self, case):
        given = {k: torch.as_tensor(np.array(v)) for k, v in case.items()}
        x, subject = given["in.X"].to(self.dtype), given["in.subj_id"].to(self.dtype)
        if self.model == "vqvae":
            return self.vqvae(x, subject, given["in.channel_mask"].to(self.dtype))
        if self.model == "mae":
            return self.mae(x, subject, given["noise"].to(self.dtype), given["in.c_true"].long())
        return self.cls(x, subject, given["in.y_true"].to(self.dtype))


INPUTS = {
    "vqvae": ["in.X", "in.channel_mask", "in.subj_id"],
    "mae": ["in.X", "in.c_true", "in.subj_id", "noise"],
    "cls": ["in.X", "in.subj_id", "in.y_true"],
}


def shapes(config):
    """The names and shapes of the weights that prediction needs."""
    p = config["model_params"]
    t, s = p["tokenizer"], p["n_subjects"]
    found = {"emb_time.time_encodings": (p["encoder"]["emb_len"], p["encoder"]["d_model"])}

    def project(block, q):
        found[f"{block}.subj_layer.W.weight"] = (q["d_input"] * q["d_output"], s)
        if q["use_bias"]:
            found[f"{block}.subj_layer.B.weight"] = (q["d_output"], s)

    def linear(name, out, into):
        found[name + ".weight"] = (out, into)
        found[name + ".bias"] = (out,)

    def norm(name, width):
        found[name + ".weight"] = (width,)
        found[name + ".bias"] = (width,)

    project("subj_block", p["subj"])
    width = p["subj"]["d_output"]
    for i, filters in enumerate(t["n_filters"]):
        name = f"tokenizer.conv_blocks.{i}"
        found[f"{name}.0.1.weight"] = (filters, width, t["kernel_sizes"][i])
        found[f"{name}.0.1.bias"] = (filters,)
        if t["use_bn"][i]:
            for part in ("weight", "bias", "running_mean", "running_var"):
                found[f"{name}.1.1.{part}"] = (filters,)
        width = filters
    for stack in ("encoder", "decoder"):
        q = p.get(stack)
        for i in range(q["n_blocks"] if q else 0):
            name, d, inner = f"{stack}.1.xfmr_blocks.{i}", q["d_model"], q["n_heads"] * q["d_head"]
            for part in "qkv":
                linear(f"{name}.mha.W_{part}.W", inner, d)
            for part in "qk":
                norm(f"{name}.mha.norm_{part}", q["d_head"])
            linear(f"{name}.mha.proj.0", d, inner)
            linear(f"{name}.ffn.fc1.0", q["d_ff"], d)
            linear(f"{name}.ffn.fc2.0", d, q["d_ff"])
            norm(f"{name}.norm_mha", d)
            norm(f"{name}.norm_ffn", d)
    d = p["encoder"]["d_model"]
    if config["model"] != "mae":
        linear("vq_block.pre_proj.0", d, d)
        linear("vq_block.pre_proj.2", p["vq"]["d_codex"], d)
        found["vq_block.codex.embeddings"] = (p["vq"]["codex_size"], p["vq"]["d_codex"])
        norm("vq_block.layernorm", p["vq"]["d_codex"])
        linear("vq_block.post_proj.0", d, p["vq"]["d_codex"])
    if config["model"] == "vqvae":
        width = d
        for i, filters in enumerate(p["rgs"]["n_filters"]):
            name = f"rgs_block.rgs_head.{i}.0.1"
            found[name + ".weight"] = (width, filters, p["rgs"]["kernel_sizes"][i])
            found[name + ".bias"] = (filters,)
            width = filters
        linear(f"rgs_block.rgs_head.{len(p['rgs']['n_filters'])}.0", p["subj"]["d_output"], width)
        project("desubj_block", p["desubj"])
    if config["model"] == "mae":
        found["mask_emb"] = (d,)
    if config["model"] in ("mae", "cls"):
        first = 0 if config["model"] == "mae" else 1
        into = d if config["model"] == "mae" else p["encoder"]["emb_len"] * d
        for i, out in enumerate(p["cls"]["d_hidden"]):
            linear(f"cls_block.cls_head.{first + i}.0", out, into)
            into = out
        out = p["cls"]["n_tokens" if config["model"] == "mae" else "n_labels"]
        linear(f"cls_block.cls_head.{first + len(p['cls']['d_hidden'])}.0", out, into)
    return found


def random_weights(config, random):
    weights = {}
    for name, shape in shapes(config).items():
        value = random.standard_normal(shape)
        if name == "emb_time.time_encodings":
            place = np.arange(shape[0])[:, None]
            angle = place * 10000.0 ** (-2 * (np.arange(shape[1]) // 2) / shape[1])
            value = np.where(np.arange(shape[1]) % 2 == 0, np.sin(angle), np.cos(angle))
        elif name.endswith("running_var"):
            value = 0.5 + random.random(shape)
        elif name.endswith("embeddings"):
            value /= np.linalg.norm(value, axis=1, keepdims=True)
        elif name.endswith(".bias") or name.endswith("running_mean") or name == "mask_emb":
            value *= 0.1
        elif len(shape) == 1:
            value = 1 + 0.1 * value
        elif ".subj_layer." in name:
            value *= 0.5
        else:
            value /= math.sqrt(np.prod(shape[1:]))
        weights[name] = value.astype(np.float32)
    return weights


def random_case(config, batch, patches, random):
    p = config["model_params"]
    subjects = np.arange(batch) % p["n_subjects"]
    case = {
        "in.X": random.standard_normal((batch, patches * p["seg_len"], p["n_channels"])),
        "in.subj_id": np.eye(p["n_subjects"])[subjects],
    }
    if config["model"] == "vqvae":
        mask = np.ones((batch, p["n_channels"]))
        mask[0, -1] = 0
        case["in.X"][0, :, -1] = 0
        case["in.channel_mask"] = mask
    elif config["model"] == "mae":
        case["noise"] = random.random((batch, patches))
        case["in.c_true"] = random.integers(0, p["cls"]["n_tokens"], (batch, patches))
    else:
        labels = p["cls"]["n_labels"]
        case["in.y_true"] = np.eye(labels)[random.integers(0, labels, batch)]
    return {k: v if v.dtype == np.int64 else v.astype(np.float32) for k, v in case.items()}


def make_bundle(folder, config, batches, seed):
    """Weights and cases; None if a code would be too close a call."""
    random = np.random.default_rng(seed)
    weights = random_weights(config, random)
    network = DuIn(config, weights)
    tensors, cases = {}, []
    for name, (batch, patches) in batches.items():
        case = random_case(config, batch, patches, random)
        with torch.no_grad():
            results, margin = network.run(case)
        if margin < 1e-3:
            return make_bundle(folder, config, batches, seed + 1000)
        cases.append({"name": name})
        tensors.update({f"{name}.{k}": v for k, v in case.items()})
        for k, v in results.items():
            v = v.numpy()
            tensors[f"{name}.{k}"] = v if v.dtype == np.int64 else v.astype(np.float32)
    config = dict(config, architecture="duin", kind="model", inputs=INPUTS[config["model"]],
                  cases=cases, seed=seed,
                  tolerance={"metric": "maxAbs", "value": 5e-5, "integers": "exact"})
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    write_safetensors(folder / "weights.safetensors", weights)
    write_safetensors(folder / "cases.safetensors", tensors)
    print(folder, sum(v.size for v in weights.values()), "weights, seed", seed)


def stack(d, patches, blocks, heads, head, hidden):
    return {"d_model": d, "emb_len": patches, "n_blocks": blocks, "res_attn": False, "n_heads": heads,
            "d_head": head, "rot_theta": None, "attn_dropout": 0.2, "proj_dropout": 0.0, "d_ff": hidden,
            "ff_dropout": [0.2, 0.0], "norm_first": False}


def front(subjects, channels, width, patch, patches, layers, biased):
    """layers: filters, kernel, stride, dilation, normalised, pool."""
    columns = list(zip(*layers))
    return {
        "n_subjects": subjects, "n_channels": channels, "seq_len": patch * patches, "seg_len": patch,
        "subj": {"n_subjects": subjects, "d_input": channels, "d_output": width, "use_bias": biased,
                 "use_proj": False},
        "tokenizer": {"d_neural": width, "seg_len": patch, "n_filters": list(columns[0]),
                      "kernel_sizes": list(columns[1]), "n_strides": list(columns[2]),
                      "dilation_rates": list(columns[3]), "use_bn": list(columns[4]),
                      "use_res": [False] * len(layers), "pool_sizes": list(columns[5])},
    }


def random_bundles(folder):
    folder = pathlib.Path(folder)
    vq = {"d_model": 24, "codex_size": 33, "d_codex": 7, "beta": 0.25, "decay": 0.99}
    # even kernels, dilation, an average over steps, no normalisation, three subjects, two hidden layers
    params = front(3, 7, 6, 30, 4, [(10, 7, 3, 2, True, 1), (9, 4, 1, 2, False, 3), (8, 2, 1, 1, True, 1)],
                   False)
    params.update(encoder=stack(24, 4, 1, 3, 5, 19), vq=vq,
                  cls={"d_feature": 96, "d_hidden": [11, 9], "dropout": 0.0, "n_labels": 6})
    params["tokenizer"]["d_model"] = 24
    make_bundle(folder / "other-words", {"model": "cls", "model_params": params},
                {"one": (1, 4), "four": (4, 4)}, 1)
    # one subject; filters and steps at which a library might choose its routine by the batch
    params = front(1, 10, 16, 70, 5, [(64, 19, 10, 1, True, 1), (64, 3, 1, 1, True, 1), (16, 3, 1, 1, True, 1)],
                   True)
    params.update(encoder=stack(112, 5, 1, 2, 16, 32), vq=dict(vq, d_model=112),
                  cls={"d_feature": 560, "d_hidden": [16], "dropout": 0.0, "n_labels": 4})
    make_bundle(folder / "wide-words", {"model": "cls", "model_params": params},
                {"one": (1, 5), "eight": (8, 5)}, 4)
    # one subject, transposed kernels that are dilated, even, and shorter than their stride
    params = front(1, 5, 4, 24, 3, [(8, 5, 4, 1, True, 1), (4, 3, 1, 1, True, 1)], True)
    params.update(encoder=stack(24, 3, 1, 2, 8, 20), decoder=stack(24, 3, 2, 1, 12, 16), vq=vq,
                  rgs={"n_filters": [6, 5, 7, 4], "kernel_sizes": [4, 3, 1, 5], "n_strides": [3, 4, 2, 1],
                       "dilation_rates": [1, 2, 1, 3], "d_hidden": [], "d_neural": 4},
                  desubj={"n_subjects": 1, "d_input": 4, "d_output": 5, "use_bias": False, "use_proj": False})
    make_bundle(folder / "other-codes", {"model": "vqvae", "model_params": params},
                {"one": (1, 3), "two": (2, 3), "short": (2, 2), "shortest": (1, 1)}, 2)
    # an odd number of patches, another share that is masked, a hidden layer
    params = front(2, 4, 5, 20, 5, [(6, 6, 5, 1, True, 1)], True)
    params.update(encoder=stack(24, 5, 2, 2, 6, 10), mask_ratio=0.3,
                  cls={"d_model": 24, "d_hidden": [13], "dropout": 0.0, "n_tokens": 17})
    make_bundle(folder / "other-masks", {"model": "mae", "model_params": params},
                {"one": (1, 5), "three": (3, 5)}, 3)


def check(folder):
    worst = 0.0
    for model in ("vqvae", "mae", "cls"):
        config = json.loads((pathlib.Path(folder) / model / "config.json").read_text())
        network = DuIn(config, read_safetensors(pathlib.Path(folder) / model / "weights.safetensors"))
        stored = read_safetensors(pathlib.Path(folder) / model / "cases.safetensors")
        for case in (c["name"] for c in config["cases"]):
            given = {k: stored[f"{case}.{k}"] for k in INPUTS[model] if f"{case}.{k}" in stored}
            if not given:
                continue
            results, _ = network.run(given)
            for name, value in results.items():
                if f"{case}.{name}" in stored:
                    difference = np.abs(value.numpy() - np.array(stored[f"{case}.{name}"])).max()
                    worst = max(worst, difference)
                    print(f"{model:6} {case:6} {name:12} {difference:.2e}")
    print("worst", worst)


def published(path, folder):
    for model, entry in json.loads(pathlib.Path(path).read_text()).items():
        if model in INPUTS:
            config = {"model": model, "model_params": entry["model_params"]}
            patches = entry["model_params"]["tokenizer"]["token_len"]
            make_bundle(pathlib.Path(folder) / model, config, {"two": (2, patches)}, 4)


def pace(path):
    torch.set_num_threads(1)
    entry = json.loads(pathlib.Path(path).read_text())["cls"]
    config = {"model": "cls", "model_params": entry["model_params"]}
    random = np.random.default_rng(5)
    network = DuIn(config, random_weights(config, random), torch.float32)
    for batch in (1, 8):
        case = random_case(config, batch, entry["model_params"]["tokenizer"]["token_len"], random)
        x, subject = torch.as_tensor(case["in.X"]), torch.as_tensor(case["in.subj_id"])
        times, begun = [], time.perf_counter()
        with torch.no_grad():
            while len(times) < 3 or len(times) < 100 and time.perf_counter() - begun < 15:
                start = time.perf_counter()
                e = network.transform("encoder", network.place(network.embed(x, subject)))
                torch.sigmoid(network.head(e.flatten(1), 1))
                times.append(1000 * (time.perf_counter() - start) / batch)
        print(f"batch {batch}: best {min(times):.2f} ms, median {sorted(times)[len(times) // 2]:.2f} ms a window")


if __name__ == "__main__":
    command = {"check": check, "random": random_bundles, "published": published, "pace": pace}
    command[sys.argv[1]](*sys.argv[2:])
