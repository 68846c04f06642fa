# SPDX-License-Identifier: Apache-2.0
"""Reference numbers for the tests of learning at test time, in float64.

    adaptation_references.py FOLDER

Needs Python 3 with NumPy; the product does not. Written from the equations and independent of the
Java code: patches are strided views, gradients are central differences. Writes files in the form
that `thalamus verify` reads: config.json, and a file of tensors for each part.
"""
import itertools
import json
import os
import struct
import sys

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

rng = np.random.default_rng(20261126)


def draw(*shape, scale=1.0):
    return (scale * rng.standard_normal(shape)).astype(np.float32).astype(np.float64)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def views(x, kernel, stride, padding, dilation):
    """Patches [samples, steps..., channels * taps] of x [samples, channels, ...]."""
    axes = range(2, x.ndim)
    one_row = x.ndim == 4 and kernel[0] == 1 and x.shape[2] == 1
    pads = [0 if one_row and a == 2 else padding for a in axes]
    x = np.pad(x, [(0, 0), (0, 0)] + [(p, p) for p in pads])
    spans = [dilation * (k - 1) + 1 for k in kernel]
    v = sliding_window_view(x, spans, axis=tuple(axes))
    for i, a in enumerate(axes):
        v = np.moveaxis(np.moveaxis(v, a, 0)[::stride], 0, a)
    for i in range(len(kernel)):
        a = v.ndim - len(kernel) + i
        v = np.moveaxis(np.moveaxis(v, a, 0)[::dilation], 0, a)
    v = np.moveaxis(v, 1, 1 + len(kernel))
    return v.reshape(*v.shape[: 1 + len(kernel)], -1)


def change(w, p, norms, tau, compete, target, rule, scale):
    flat, p = w.reshape(len(w), -1), p.reshape(-1, p.shape[-1])
    u = p @ flat.T
    q = u / np.linalg.norm(flat, axis=1) if compete == "unit" else u
    y = softmax(q / tau)
    if rule == "softanti":
        y = np.where(np.arange(len(w)) == q.argmax(1)[:, None], y, -y)
    r = norms if target == "source" else np.ones(len(w))
    d = np.einsum("nk,nki->ki", y, r[:, None] * p[:, None] - u[..., None] * (flat / r[:, None])) / len(p)
    if scale == "maxabs":
        d = d / (np.abs(d).max() + 1e-30)
    return u, y, d.reshape(w.shape)


def layer(x, w0, patches, how):
    norms = np.linalg.norm(w0.reshape(len(w0), -1), axis=1)
    out, w = {"x": x, "w0": w0, "r": norms}, w0
    options = {k: how[k] for k in ("tau", "compete", "target", "rule", "scale")}
    for step in range(1, 6):
        u, y, d = change(w, patches, norms, **options)
        if step == 1:
            out |= {"u": u.reshape(*patches.shape[:-1], -1), "y": y.reshape(*patches.shape[:-1], -1), "dw": d}
        w = w + how["eta"] * d
        out[f"w{step}"] = w
    return out


def options():
    for compete, target, rule, scale in itertools.product(("raw", "unit"), ("unit", "source"), ("soft", "softanti"), ("none", "maxabs")):
        yield dict(tau=0.7, eta=0.03, compete=compete, target=target, rule=rule, scale=scale)


def linear():
    for how in options():
        x, w = draw(7, 5), draw(9, 5, scale=0.6)
        yield how, layer(x, w, x, how)


def conv1d():
    for how, (stride, padding, dilation) in zip(options(), itertools.cycle([(3, 4, 3), (1, 0, 2), (2, 1, 1)])):
        how |= dict(stride=stride, padding=padding, dilation=dilation)
        x, w = draw(2, 3, 19), draw(5, 3, 4, scale=0.4)
        yield how, layer(x, w, views(x, (4,), stride, padding, dilation), how)


def conv2d():
    for how, (stride, padding, dilation) in zip(options(), itertools.cycle([(1, 2, 2), (2, 0, 1), (3, 1, 1)])):
        how |= dict(stride=stride, padding=padding, dilation=dilation)
        x, w = draw(2, 2, 9, 11), draw(4, 2, 2, 3, scale=0.4)
        yield how, layer(x, w, views(x, (2, 3), stride, padding, dilation), how)


def complex_layer():
    for target in ("unit", "source"):
        x, w = draw(11, 6) + 1j * draw(11, 6), draw(5, 6, scale=0.4) + 1j * draw(5, 6, scale=0.4)
        x[3] = 0  # a response without a phase
        how, norms = dict(tau=0.3, eta=0.04, target=target), np.sqrt((np.abs(w) ** 2).sum(1))
        out = {"x_re": x.real, "x_im": x.imag, "w0_re": w.real, "w0_im": w.imag, "r": norms}
        r = norms if target == "source" else np.ones(5)
        for step in range(1, 6):
            u = x @ w.T
            a = np.abs(u)
            y = softmax(a / how["tau"])
            phase = np.where(a <= 1e-12, 1, u / np.where(a == 0, 1, a))
            d = np.einsum("nk,nki->ki", y, (r * phase)[..., None] * x.conj()[:, None] - (a[..., None] * w) / r[:, None]) / len(x)
            if step == 1:
                out |= {"u_re": u.real, "u_im": u.imag, "y": y, "dw_re": d.real, "dw_im": d.imag}
            w = w + how["eta"] * d
            out |= {f"w{step}_re": w.real, f"w{step}_im": w.imag}
        yield how, out


def entropies(z):
    z = z - z.max(-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    return -(np.exp(logp) * logp).sum(-1)


def difference(f, at, h=1e-5):
    g = np.zeros_like(at)
    for i in np.ndindex(at.shape):
        e = np.zeros_like(at)
        e[i] = h
        g[i] = (f(at + e) - f(at - e)) / (2 * h)
    return g


def entropy_grad():
    for samples, classes, scale in ((5, 3, 0.5), (8, 12, 3.0), (4, 7, 800.0)):
        z = draw(samples, classes, scale=scale)
        limit = 0.6 * np.log(classes)
        h = entropies(z)
        keep = h < limit
        weight = np.where(keep, np.exp(limit - h), 0)
        kept = max(keep.sum(), 1)
        yield dict(E0=limit), {
            "logits": z, "p": softmax(z), "H": h, "keep": keep.astype(float), "weight": weight,
            "dlogits": difference(lambda a: entropies(a).mean(), z),
            "loss_weighted": np.array([(weight * h).sum() / kept]),
            "dlogits_weighted": difference(lambda a: (weight * entropies(a)).sum() / kept, z),
        }


def guards():
    how = dict(rho=0.1, sigma0=0.02, gmax=3.0, warm=5, fast=0.3, slow=0.02, ratio=1.3, hold=7)
    e = np.abs(draw(160)) * np.where(np.arange(160) % 60 > 40, 4, 1)
    e[75], e[130] = np.nan, np.inf
    rows = {k: np.zeros(160) for k in ("gate", "fast", "slow", "reset")}
    mu, var, fast, slow, seen, hold = None, 0.0, -1.0, None, 0, 0
    for t, v in enumerate(e):
        g, reset = 0.0, not np.isfinite(v)
        if not reset:
            seen += 1
            if mu is None:
                mu, var = v, 0.0
            else:
                g = min(max((v - mu) / (np.sqrt(var) + 0.02), 0), 3.0) if seen > 5 else 0.0
                d = v - mu
                mu, var = mu + 0.1 * d, 0.9 * (var + 0.1 * d * d)
            fast = v if fast < 0 else fast + 0.3 * (v - fast)
            slow = v if slow is None else slow + 0.02 * (v - slow)
            if hold > 0:
                hold -= 1
            elif seen > 5 and fast > 1.3 * slow:
                reset, g = True, 0.0
        if reset:
            mu, var, fast, seen, hold = None, 0.0, -1.0, 0, 7
        for k, value in zip(rows, (g, fast, slow, reset)):
            rows[k][t] = value
    yield how, {"error": e, **rows}
    for cap in (0.05, 5.0):
        w0, w = draw(4, 9), draw(4, 9)
        pulled = w + 0.2 * (w0 - w)
        ratio = np.linalg.norm(pulled - w0) / np.linalg.norm(w0)
        capped = w0 + (pulled - w0) * min(1, cap / ratio)
        yield {"lambda": 0.2, "cap": cap}, {"w0": w0, "w": w, "w_pulled": pulled, "w_capped": capped}


def homeostat():
    for samples, channels, length, alpha in ((3, 4, 7, 0.2), (1, 9, 15, 0.003)):
        mu, var = draw(channels), np.abs(draw(channels)) + 0.1
        mu_s, var_s = mu, var.astype(np.float32).astype(float)
        out = {"mu_source": mu_s, "var_source": var_s}
        for t in range(5):
            z = draw(samples, channels, length, scale=2) + 1
            mu = (1 - alpha) * mu + alpha * z.mean((0, 2))
            var = (1 - alpha) * var + alpha * z.var((0, 2))
            gamma = np.sqrt((var_s + 1e-5) / (var + 1e-5))
            beta = mu_s - gamma * mu
            out |= {f"z_{t}": z, f"mu_{t + 1}": mu, f"var_{t + 1}": var, f"gamma_{t}": gamma, f"beta_{t}": beta}
            out[f"out_{t}"] = gamma[:, None] * z + beta[:, None]
        yield dict(B=samples, K=channels, L=length, alpha=alpha, eps=1e-5), out


def steps():
    shape = itertools.cycle([(5, 2, 13, 6, 3, 3), (1, 4, 17, 7, 5, 5)])
    for (norm, opt, predict), (gate, e0), dims in zip(
        itertools.product(("none", "source", "batch", "ema"), ("sgd", "adam"), ("after", "during")),
        itertools.cycle([(True, 0.97), (False, None), (True, None)]), shape,
    ):
        yield modulated(norm, opt, predict, gate, e0, dims)


def modulated(norm, opt, predict, gate, e0, dims):
    samples, channels, length, neurons, kernel, classes = dims
    how = dict(norm=norm, opt=opt, predict=predict, gate=gate, e0=e0, target="source", compete="unit", tau=0.8, eta=0.05,
               lr=0.03, alpha=0.2, eps=1e-5, padding=kernel // 2, steps=4)
    w, cb = draw(neurons, channels, kernel, scale=0.4), draw(neurons, scale=0.1)
    gamma, beta = 1 + draw(neurons, scale=0.1), draw(neurons, scale=0.1)
    gamma = gamma.astype(np.float32).astype(float)
    fw, fb = draw(classes, neurons, scale=2), draw(classes, scale=0.1)
    mu, var = draw(neurons, scale=0.1), np.abs(draw(neurons)) + 0.5
    var = var.astype(np.float32).astype(float)
    norms = np.linalg.norm(w.reshape(neurons, -1), axis=1)
    out = {"w_0": w, "cb_0": cb, "gamma_0": gamma, "beta_0": beta, "fw_0": fw, "fb_0": fb, "r": norms}
    if norm in ("source", "ema"):
        out |= {"mu_0": mu, "var_0": var}
    m, v2, count, level = np.zeros(2 * neurons), np.zeros(2 * neurons), 0, None
    for t in range(how["steps"]):
        x = draw(samples, channels, length)
        p = views(x, (kernel,), 1, kernel // 2, 1)
        u, y, d = change(w, p, norms, how["tau"], "unit", "source", "soft", "none")

        def normalised(weights, mu, var):
            z = p @ weights.reshape(neurons, -1).T + cb
            b_mu, b_var = z.mean((0, 1)), z.var((0, 1))
            if norm == "none":
                return z, mu, var
            if norm == "ema":
                mu, var = 0.8 * mu + 0.2 * b_mu, 0.8 * var + 0.2 * b_var
            m_, v_ = (b_mu, b_var) if norm == "batch" else (mu, var)
            return (z - m_) / np.sqrt(v_ + 1e-5), mu, var

        def logits(zh, theta):
            return np.maximum(theta[:neurons] * zh + theta[neurons:], 0).mean(1) @ fw.T + fb

        theta = np.concatenate([gamma, beta])
        g = 1.0
        if gate:
            e = entropies(logits(normalised(w, mu, var)[0], theta)).mean() / np.log(classes)
            if level is None:
                level, g = (e, 0.0), 0.0
            else:
                g = min(max((e - level[0]) / (np.sqrt(level[1]) + 0.05), 0), 2.0)
                dist = e - level[0]
                level = (level[0] + 0.1 * dist, 0.9 * (level[1] + 0.1 * dist * dist))
            out |= {f"gate_e_{t}": np.array([e]), f"gate_g_{t}": np.array([g])}
        if t == 0:
            out |= {"u_0": u.reshape(samples, -1, neurons), "y_0": y.reshape(samples, -1, neurons), "dw_0": d}
        w = w + g * how["eta"] * d
        zh, new_mu, new_var = normalised(w, mu, var)
        before = logits(zh, theta)
        h = entropies(before)
        keep = h < (np.inf if e0 is None else e0 * np.log(classes))
        slope = np.zeros(2 * neurons)
        if keep.any():
            slope = difference(lambda a: entropies(logits(zh, a))[keep].mean(), theta)
            if opt == "sgd":
                theta = theta - how["lr"] * slope
            else:
                count += 1
                m, v2 = 0.9 * m + 0.1 * slope, 0.999 * v2 + 0.001 * slope**2
                theta = theta - how["lr"] * (m / (1 - 0.9**count)) / (np.sqrt(v2 / (1 - 0.999**count)) + 1e-8)
        gamma, beta = theta[:neurons], theta[neurons:]
        mu, var = new_mu, new_var
        out |= {
            f"x_{t}": x, f"entropy_{t}": h, f"logits_pre_{t}": before, f"dgamma_{t}": slope[:neurons], f"dbeta_{t}": slope[neurons:],
            f"logits_out_{t}": logits(zh, theta) if predict == "after" else before,
            f"w_{t + 1}": w, f"gamma_{t + 1}": gamma, f"beta_{t + 1}": beta,
        }
        if norm in ("source", "ema"):
            out |= {f"mu_{t + 1}": mu, f"var_{t + 1}": var}
    return how, out


def write(path, tensors):
    header, at = {}, 0
    for name, value in tensors.items():
        size = 4 * value.size
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        for value in tensors.values():
            out.write(np.ascontiguousarray(value, "<f4").tobytes())


def main(folder):
    os.makedirs(folder, exist_ok=True)
    files = {}
    for name, cases in {
        "softhebb_linear": linear(), "softhebb_conv1d": conv1d(), "softhebb_conv2d": conv2d(), "softhebb_complex": complex_layer(),
        "entropy_grad": entropy_grad(), "stream_guards": guards(), "homeostat": homeostat(), "neuromodulated_step": steps(),
    }.items():
        tensors, files[name] = {}, []
        for number, (how, values) in enumerate(cases):
            files[name].append({"prefix": f"c{number}.", **how})
            tensors |= {f"c{number}.{key}": value for key, value in values.items()}
        write(os.path.join(folder, name + ".safetensors"), tensors)
    with open(os.path.join(folder, "config.json"), "w") as out:
        json.dump({"kind": "operator", "operator": "hebbian", "tolerance": {"abs": 1e-5, "rel": 1e-4}, "files": files}, out, indent=1)


if __name__ == "__main__":
    main(sys.argv[1])
