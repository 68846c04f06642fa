# SPDX-License-Identifier: Apache-2.0
"""Reference numbers for the tests of anomaly detection, in float64.

    anomaly_references.py detection FOLDER   fits, percentiles and thresholds
    anomaly_references.py metrics FOLDER     how good found anomalies are

Written from the papers and independent of the Java code: here the generalised Pareto distribution
is fitted by looking for the highest likelihood on a fine grid, not for the roots of an equation, and
areas under curves are reckoned threshold by threshold, not by sorting once.
"""

import json
import math
import pathlib
import sys

import numpy as np


# Siffer et al., Anomaly Detection in Streams with Extreme Value Theory, KDD 2017.

def profile(x, y, share, bound):
    """The log-likelihood by excess for x = shape / scale, the shape being the likeliest for it.

    For each excess there are `share` others that exceed `bound`.
    """
    x = np.atleast_1d(x)
    within = np.mean(np.log1p(np.outer(x, y)), axis=1)
    shape = within + share * np.log1p(x * bound)
    with np.errstate(invalid="ignore", divide="ignore"):
        return -np.log(shape / x) - within - 1, shape


def fit(y, share=0.0, bound=0.0):
    """Shape and scale of the highest likelihood among shapes of -1 and above."""
    y = np.asarray(y)
    bound = bound if share else 0.0
    mean = y.mean()
    scale = mean + share * bound
    best = (-math.log(scale) - 1, 0.0, scale)
    fine = np.concatenate([np.geomspace(1e-4, 0.5, 800), 1 - np.geomspace(0.5, 1e-9, 800)[1:]])
    largest = max(y.max(), bound)
    for grid in (-fine / largest, np.geomspace(1e-4, 1e9, 3000) / mean):
        likelihood, _ = profile(grid, y, share, bound)
        for i in range(1, len(grid) - 1):
            if likelihood[i] > likelihood[i - 1] and likelihood[i] >= likelihood[i + 1]:
                x = peak(grid[i - 1], grid[i + 1], lambda at: profile(at, y, share, bound)[0][0])
                value, shape = (float(each[0]) for each in profile(x, y, share, bound))
                if shape >= -1 and value > best[0]:
                    best = (value, shape, shape / x)
    return best[1], best[2]


def peak(low, high, function):
    """By golden sections."""
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(80):
        a = high - golden * (high - low)
        b = low + golden * (high - low)
        if function(a) > function(b):
            high = b
        else:
            low = a
    return (low + high) / 2


def quantile(shape, scale, probability):
    if shape == 0:
        return -scale * math.log(probability)
    return scale / shape * (probability ** -shape - 1)


def thresholds(scores, risk, level, calibration, depth):
    """The threshold that each score is compared with; None where there is none yet."""
    out = []
    ordinary = []  # the scores that were no anomalies
    relative = []
    peaks = []
    beyond = 0  # anomalies that the risk predicts, which are peaks too
    start = bound = None

    def renewed():
        count = len(relative) + beyond
        tail = fit(peaks, beyond / len(peaks), bound - start)
        return start + quantile(*tail, min(1, risk * count / (len(peaks) + beyond)))

    for score in scores:
        mean = np.mean(ordinary[-depth:]) if depth and ordinary else 0.0
        out.append(None if bound is None else bound + mean)
        if len(ordinary) >= depth:
            above_mean = score - mean
            if bound is None:
                relative.append(above_mean)
            elif score > bound + mean and peaks:
                if beyond + 1 <= risk * (len(relative) + beyond):
                    beyond += 1
                    bound = renewed()
                continue
            else:
                relative.append(above_mean)
                if above_mean > start:
                    peaks.append(above_mean - start)
                    bound = renewed()
        ordinary.append(score)
        if bound is None and len(relative) == calibration:
            bound = start = np.quantile(relative, level)
            peaks += sorted(each - start for each in relative if each > start)
            if peaks:
                bound = renewed()
    return out


def detection(folder):
    random = np.random.default_rng(7)
    fits = []
    for shape, scale, count, share in [
            (0.3, 2.0, 200, 0.0), (0.0, 0.5, 60, 0.0), (-0.25, 1.0, 150, 0.0), (1.2, 1e-4, 40, 0.0),
            (0.1, 3e5, 12, 0.0), (0.6, 1.0, 512, 0.0), (-0.6, 2.0, 300, 0.0), (0.5, 1.0, 200, 0.05),
            (-0.2, 3.0, 100, 0.1), (0.0, 1.0, 80, 0.03)]:
        u = random.uniform(size=count)
        y = -scale * np.log(u) if shape == 0 else scale / shape * (u ** -shape - 1)
        bound = float(f"{np.quantile(y, 1 - share):.6g}") if share else 0.0
        y = [float(f"{each:.9g}") for each in y if not share or each <= bound]
        fitted = fit(y, share, bound)
        fits.append({"excesses": y, "share": share, "bound": bound,
                     "shape": fitted[0], "scale": fitted[1],
                     "exceeded": [[p, quantile(*fitted, p)] for p in (0.5, 0.01, 1e-5)]})
    write(folder / "fits.json", fits)

    percentiles = []
    for count, percent in [(10, 90), (100, 99), (101, 99), (720, 99.5), (3, 50), (1, 75), (57, 0.5), (1000, 98)]:
        values = [round(each, 5) for each in random.gamma(2.0, size=count).tolist()]
        percentiles.append({"values": values, "percent": percent,
                            "expected": float(np.percentile(values, percent))})
    write(folder / "percentiles.json", percentiles)

    noise = random.standard_t(4, size=2600) ** 2
    drifting = noise + np.linspace(0, 40, 2600)
    cases = []
    for name, scores, depth in [("spot", noise, 0), ("dspot", drifting, 50)]:
        scores = np.where(np.isin(np.arange(2600), [1500, 1501, 2200]), scores + 400, scores)
        scores = [round(float(each), 4) for each in scores]
        cases.append({"name": name, "risk": 1e-3, "level": 0.95, "calibration": 400, "depth": depth,
                      "scores": scores,
                      "thresholds": [each and float(f"{each:.12g}")
                                     for each in thresholds(scores, 1e-3, 0.95, 400, depth)]})
    write(folder / "thresholds.json", cases)


def write(file, value):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value) + "\n")


# Paparrizos et al., Volume Under the Surface, VLDB 2022, section 4.

def runs(labels):
    """The stretches of labels above 0, as first and last."""
    found = []
    for i, label in enumerate(labels):
        if label > 0:
            if i and labels[i - 1] > 0:
                found[-1][1] = i
            else:
                found.append([i, i])
    return found


def buffered(truth, length):
    labels = np.array(truth, dtype=float)
    for first, last in runs(truth):
        for distance in range(1, length // 2 + 1):
            for place in (first - distance, last + distance):
                if 0 <= place < len(labels):
                    labels[place] += math.sqrt(1 - distance / length)
    return np.minimum(labels, 1)


def range_auc_pr(truth, scores, length):
    labels = buffered(truth, length)
    stretches = runs(labels)
    positive = (np.sum(truth) + labels.sum()) / 2
    recalls, precisions = [0.0], [1.0]
    for threshold in sorted(set(scores), reverse=True):
        predicted = scores >= threshold
        hits = (labels * predicted).sum()
        met = sum(predicted[a:b + 1].any() for a, b in stretches) / len(stretches)
        recalls.append(min(hits / positive, 1) * met)
        precisions.append(hits / predicted.sum())
    return sum((recalls[i] - recalls[i - 1]) * (precisions[i] + precisions[i - 1]) / 2
               for i in range(1, len(recalls)))


def auc_pr(truth, scores):
    area = before = 0.0
    for threshold in sorted(set(scores), reverse=True):
        predicted = scores >= threshold
        hits = (truth & predicted).sum()
        area += (hits - before) / truth.sum() * hits / predicted.sum()
        before = hits
    return area


def points(truth, predicted):
    hits = int((truth & predicted).sum())
    precision = hits / predicted.sum() if predicted.any() else 0.0
    recall = hits / truth.sum() if truth.any() else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return {"precision": float(precision), "recall": float(recall), "f1": float(f1)}


def adjusted(truth, predicted):
    out = predicted.copy()
    for first, last in runs(truth):
        if predicted[first:last + 1].any():
            out[first:last + 1] = True
    return out


def metrics(folder):
    random = np.random.default_rng(11)
    cases = []
    for name, count, stretches, lift, quantised in [
            ("clear", 300, [(40, 60), (150, 151), (220, 260)], 3.0, False),
            ("faint", 400, [(0, 9), (100, 140), (150, 170), (390, 400)], 0.8, False),
            ("ties", 250, [(30, 50), (120, 160)], 1.5, True),
            ("random", 200, [(70, 90)], 0.0, False)]:
        truth = np.zeros(count, dtype=bool)
        for first, end in stretches:
            truth[first:end] = True
        scores = random.gamma(1.5, size=count) + lift * truth * random.uniform(size=count)
        scores = np.round(scores * (1 if quantised else 1024)) / (1 if quantised else 1024)
        threshold = float(np.percentile(scores, 90))
        predicted = scores > threshold
        delays = [int(np.argmax(predicted[a:b + 1])) for a, b in runs(truth) if predicted[a:b + 1].any()]
        cases.append({
            "name": name, "truth": [int(each) for each in truth], "scores": scores.tolist(),
            "threshold": threshold, "points": points(truth, predicted),
            "adjusted": points(truth, adjusted(truth, predicted)),
            "events": len(runs(truth)), "detected": len(delays), "delays": delays,
            "aucPr": auc_pr(truth, scores),
            "rangeAucPr": [range_auc_pr(truth, scores, length) for length in range(17)],
            "vusPr": float(np.mean([range_auc_pr(truth, scores, length) for length in range(17)]))})
    write(folder / "metrics.json", cases)


if __name__ == "__main__":
    {"detection": detection, "metrics": metrics}[sys.argv[1]](pathlib.Path(sys.argv[2]))
