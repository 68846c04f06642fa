# SPDX-License-Identifier: Apache-2.0
"""What the trainings of the audio networks have in common: the clock, the weights, the files."""
import json
import math
import os
import sys
import time

import torch

STARTED = time.monotonic()


def say(*words):
    print(f"{time.monotonic() - STARTED:6.1f} s", *words, flush=True)


def add_options(parser):
    parser.add_argument("data", help="the packed clips")
    parser.add_argument("folder", help="takes the bundle, its metrics and the resume point")
    parser.add_argument("--minutes", type=float, default=8.0, help="from start to end of the process")
    parser.add_argument("--steps", type=int, default=10**9, help="ends earlier, after so many")
    parser.add_argument("--batch", type=int, help="items a step")
    parser.add_argument("--rate", type=float, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--precision", choices=("float32", "tf32", "bf16"))
    parser.add_argument("--resume", help="resume point to go on from, with a new schedule")
    parser.add_argument("--toy", action="store_true", help="little of everything, to try the script")


def set_precision(precision):
    torch.backends.cuda.matmul.allow_tf32 = precision != "float32"
    torch.backends.cudnn.allow_tf32 = precision != "float32"


class Training:
    """Adam over a wall-clock budget, and the running average of the weights, which is what is kept.

    The learning rate warms up over some steps and falls as a cosine of the time gone, so that it is
    zero when the time is up, on any machine.
    """

    def __init__(self, weights, options, warm_up=150, clip=5.0, reserve=15.0):
        self.weights, self.options = weights, options
        self.warm_up, self.clip = warm_up, clip
        self.values = list(weights.values())
        self.average = [value.detach().clone() for value in self.values]
        fused = {"fused": True} if options.device.startswith("cuda") else {}
        self.adam = torch.optim.Adam(self.values, lr=options.rate, **fused)
        self.step, self.resumed, self.skipped = 0, 0, 0
        self.history, self.recent = [], []
        if options.resume:
            state = torch.load(options.resume, map_location=options.device)
            with torch.no_grad():
                for name, value in weights.items():
                    value.copy_(state["weights"][name])
            self.adam.load_state_dict(state["adam"])
            self.average = [value.detach().clone() for value in self.values]
            self.resumed = state["step"]
        self.begin = time.monotonic()
        self.end = STARTED + 60 * options.minutes - reserve
        self.said = self.saved = self.begin
        self.said_step = 0

    def progress(self):
        return (time.monotonic() - self.begin) / max(self.end - self.begin, 1e-3)

    def goes_on(self):
        return self.step < self.options.steps and self.progress() < 1

    def learn(self, loss, figures):
        """One step down a loss; `figures` {name: number on the device} are told and kept."""
        progress = min(self.progress(), 1.0)
        rate = self.options.rate * min(1.0, (self.step + 1) / self.warm_up)
        rate *= 0.5 + 0.5 * math.cos(math.pi * progress)
        for group in self.adam.param_groups:
            group["lr"] = rate
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.values, self.clip)
        told = [loss.detach(), norm, *(value.detach() for value in figures.values())]
        told = torch.stack([value.float() for value in told]).tolist()
        if math.isfinite(told[0]) and math.isfinite(told[1]):
            self.adam.step()
            self.recent.append(told)
        else:
            self.skipped += 1
        self.step += 1
        keep = min(0.998, self.step / (self.step + 10))
        with torch.no_grad():
            torch._foreach_mul_(self.average, keep)
            torch._foreach_add_(self.average, [v.detach() for v in self.values], alpha=1 - keep)
        if time.monotonic() - self.said > 20 or self.step in (1, 5, 10, 15, 20):
            self._tell(rate, ["loss", "norm", *figures])

    def _tell(self, rate, names):
        recent, self.recent = self.recent, []
        seconds = (time.monotonic() - self.said) / (self.step - self.said_step)
        self.said, self.said_step = time.monotonic(), self.step
        means = [sum(column) / len(recent) for column in zip(*recent)] if recent else []
        figures = {name: round(value, 4) for name, value in zip(names, means)}
        self.history.append(
            {"step": self.step, "seconds": round(self.said - STARTED, 1), "rate": rate, **figures}
        )
        words = " ".join(f"{name} {value}" for name, value in figures.items())
        skipped = f" skipped {self.skipped}" if self.skipped else ""
        say(f"step {self.step} ({seconds:.3f} s each) rate {rate:.2e} {words}{skipped}{memory()}")

    def due(self):
        """Whether it is time to save, once a minute."""
        if time.monotonic() - self.saved < 60:
            return False
        self.saved = time.monotonic()
        return True

    def exchange(self):
        """Puts the average in the weights' place, or back."""
        with torch.no_grad():
            for value, average in zip(self.values, self.average):
                kept = value.detach().clone()
                value.copy_(average)
                average.copy_(kept)

    def save(self, metrics):
        """metrics.json and the resume point."""
        o = self.options
        os.makedirs(o.folder, exist_ok=True)
        device = torch.cuda.get_device_name() if o.device.startswith("cuda") else "cpu"
        facts = {
            "steps": self.resumed + self.step,
            "batch": o.batch,
            "seconds": round(time.monotonic() - STARTED, 1),
            "hardware": device,
            "torch": torch.__version__,
            "precision": o.precision,
            "rate": o.rate,
            "seed": o.seed,
            **metrics,
            "history": self.history,
        }
        write(os.path.join(o.folder, "metrics.json"), json.dumps(facts, indent=1).encode())
        state = {
            "weights": {name: value.detach().cpu() for name, value in self.weights.items()},
            "adam": self.adam.state_dict(),
            "step": self.resumed + self.step,
        }
        path = os.path.join(o.folder, "resume.pt")
        torch.save(state, path + ".part")
        os.replace(path + ".part", path)


def write(path, data):
    with open(path + ".part", "wb") as file:
        file.write(data)
    os.replace(path + ".part", path)


def memory():
    if not torch.cuda.is_available():
        return ""
    return f" memory {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB"


def signal_to_noise(reference, estimate, where=None, most=30.0):
    """SNR in dB of [..., n], at most `most`, so that what is good already does not rule."""
    error = (reference - estimate) ** 2
    power = reference**2
    if where is not None:
        error, power = error * where, power * where
    power = power.sum(-1)
    ratio = error.sum(-1) / (power + 1e-8)
    return -10 * torch.log10(ratio + 10 ** (-most / 10))


def scale_invariant(reference, estimate, most=100.0):
    """SI-SDR in dB of [..., n], means removed."""
    reference = reference - reference.mean(-1, keepdim=True)
    estimate = estimate - estimate.mean(-1, keepdim=True)
    dot = (reference * estimate).sum(-1, keepdim=True)
    scaled = reference * dot / ((reference**2).sum(-1, keepdim=True) + 1e-8)
    ratio = ((estimate - scaled) ** 2).sum(-1) / ((scaled**2).sum(-1) + 1e-8)
    return -10 * torch.log10(ratio + 10 ** (-most / 10))


def report(name, wrong, allowed):
    """Says how far a number is from its reference, and ends when it is too far."""
    print(f"{name}: {wrong:.3g} (allowed {allowed:.3g})")
    if not wrong <= allowed:
        sys.exit(f"{name} is wrong")
