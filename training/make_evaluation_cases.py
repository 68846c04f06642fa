# SPDX-License-Identifier: Apache-2.0
"""Makes the reference numbers for the measures of `evaluate`, independent of the Java code.

  python3 make_evaluation_cases.py FOLDER      writes seasonal.json and confusion.json

Needs Python 3 with NumPy; the product does not.
"""
import json
import pathlib
import sys

import numpy as np


def autocorrelation(x):
    """As R's acf: up to lag 10 log10(n), lag 0 left out."""
    d = x - x.mean()
    full = np.correlate(d, d, "full")[len(x) - 1:]
    return (full / full[0])[1:int(np.floor(10 * np.log10(len(x)))) + 1]


def is_seasonal(x, m):
    if m == 1 or len(x) < 3 * m:
        return False
    r = autocorrelation(x)
    if len(r) < m:
        return False
    limits = 1.645 / np.sqrt(len(x)) * np.sqrt(np.cumsum(np.concatenate([[1], 2 * r**2])))
    return bool(abs(r[m - 1]) > limits[m - 1])


def seasonal_indices(x, m):
    """Classical multiplicative decomposition."""
    kernel = np.ones(m) if m % 2 else np.concatenate([[0.5], np.ones(m - 1), [0.5]])
    trend = np.full(len(x), np.nan)
    valid = np.convolve(x, kernel / m, "valid")
    trend[m // 2:m // 2 + len(valid)] = valid
    ratio = np.concatenate([x / trend, np.full(-len(x) % m, np.nan)]).reshape(-1, m)
    indices = np.nanmean(ratio, axis=0)
    return indices / indices.mean()


def naive2(x, m, horizon):
    if not is_seasonal(x, m):
        return np.full(horizon, x[-1])
    seasonal = np.resize(seasonal_indices(x, m), len(x) + 1)[:len(x)]
    return x[-1] / seasonal[-1] * np.resize(seasonal[-m:], horizon)


def seasonal_case(rng, m, n, horizon, depth, noise, trend):
    t = np.arange(n + horizon)
    shape = 1 + depth * rng.standard_normal(max(m, 2)).cumsum() / max(m, 2) ** 0.5
    x = (100 + trend * t) * np.resize(shape, n + horizon) * np.exp(noise * rng.standard_normal(n + horizon))
    x = np.abs(np.round(x, 3)) + 1
    past, came = x[:n], x[n:]
    forecast = np.round(came * np.exp(0.1 * rng.standard_normal(horizon)), 3)
    guess = naive2(past, m, horizon)
    scale = np.abs(past[m:] - past[:-m]).mean()
    smape = [float((200 * np.abs(came - f) / (np.abs(came) + np.abs(f))).mean()) for f in (forecast, guess)]
    mase = [float(np.abs(came - f).mean() / scale) for f in (forecast, guess)]
    return {
        "season": m, "past": past.tolist(), "came": came.tolist(), "forecast": forecast.tolist(),
        "seasonal": is_seasonal(past, m), "naive2": guess.tolist(),
        "smape": smape[0], "smapeNaive2": smape[1], "mase": mase[0], "maseNaive2": mase[1],
    }


def seasonal(folder):
    rng = np.random.default_rng(4)
    cases = {
        "hourly": seasonal_case(rng, 24, 700, 48, 0.1, 0.02, 0.05),
        "monthly": seasonal_case(rng, 12, 60, 18, 0.4, 0.02, 0.1),
        "quarterly": seasonal_case(rng, 4, 18, 8, 0.3, 0.01, 0.5),
        "odd season": seasonal_case(rng, 7, 93, 13, 0.2, 0.05, 0.2),
        "no season": seasonal_case(rng, 12, 60, 18, 0.0, 0.3, 0.0),
        "yearly": seasonal_case(rng, 1, 20, 6, 0.1, 0.05, 2.0),
        "two seasons": seasonal_case(rng, 12, 30, 18, 0.2, 0.02, 0.0),
        "season beyond the lags": seasonal_case(rng, 24, 100, 48, 0.1, 0.02, 0.0),
    }
    one = [case for case in cases.values() if case["season"] == 12]
    mean = {key: float(np.mean([case[key] for case in one])) for key in ("smape", "smapeNaive2", "mase", "maseNaive2")}
    mean["owa"] = (mean["smape"] / mean["smapeNaive2"] + mean["mase"] / mean["maseNaive2"]) / 2
    text = json.dumps({"cases": cases, "meanOfSeason12": mean}, separators=(",", ":"))
    (folder / "seasonal.json").write_text(text + "\n")


def confusion(folder):
    rng = np.random.default_rng(5)
    classes = ["idle", "normal", "fault", "never"]
    truth = rng.choice(3, 200, p=[0.6, 0.35, 0.05])
    given = np.where(rng.random(200) < 0.8, truth, rng.integers(0, 2, 200))
    counts = np.zeros((4, 4), int)
    np.add.at(counts, (truth, given), 1)
    precision, recall, f1 = {}, {}, {}
    for c in range(3):
        hits = int(np.sum((truth == c) & (given == c)))
        precision[classes[c]] = hits / max(1, int(np.sum(given == c)))
        recall[classes[c]] = hits / max(1, int(np.sum(truth == c)))
        both = precision[classes[c]] + recall[classes[c]]
        f1[classes[c]] = 2 * precision[classes[c]] * recall[classes[c]] / both if both else 0.0
    (folder / "confusion.json").write_text(json.dumps({
        "classes": classes, "truth": truth.tolist(), "given": given.tolist(), "counts": counts.tolist(),
        "accuracy": float(np.mean(truth == given)), "macroF1": float(np.mean(list(f1.values()))),
        "precision": precision, "recall": recall, "f1": f1,
    }, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    seasonal(target)
    confusion(target)
