# SPDX-License-Identifier: Apache-2.0
"""Reference numbers for the tests of sound quality, in float64.

    quality_references.py FILE.json

Needs Python 3 with NumPy and SciPy; the product does not. Written from the papers and independent
of the Java code. The signals are made of whole numbers that a congruential generator draws and of a
few products and sums, so that the tests make the same ones.
"""
import json
import sys

import numpy as np
from scipy.signal import resample_poly


def noise(seed, count):
    values = np.empty(count)
    for n in range(count):
        seed = (1664525 * seed + 1013904223) % 2**32
        values[n] = seed / 2**31 - 1
    return values


def speech(seed, count, rate):
    """Noise in syllables, three a second, whose colour changes; of 1.5 s, 0.4 s are a pause."""
    t = np.arange(count) / rate
    drawn = noise(seed, count + 1)
    low, high = drawn[1:] + drawn[:-1], drawn[1:] - drawn[:-1]
    colour = 0.5 + 0.5 * np.sin(2 * np.pi * 1.3 * t)
    loudness = np.where(t % 1.5 < 1.1, 0.05 + np.abs(np.sin(np.pi * 3 * t)), 1e-4)
    return loudness * (colour * low + (1 - colour) * high)


def heard(seed, clean, rate, level):
    """The speech with its echo after 20 ms, and noise that comes and goes twice a second."""
    delay = rate // 50
    late = np.concatenate([np.zeros(delay), clean[:-delay]])
    t = np.arange(len(clean)) / rate
    return clean + 0.3 * late + level * (1.01 + np.sin(2 * np.pi * 2 * t)) * noise(seed, len(clean)) + 0.02


def scale_invariant(estimate, reference):
    """Le Roux et al., SDR - Half-baked or Well Done?, ICASSP 2019."""
    e, s = estimate - estimate.mean(), reference - reference.mean()
    target = np.dot(e, s) / np.dot(s, s) * s
    return 10 * np.log10(np.sum(target**2) / np.sum((e - target) ** 2))


def echo_return_loss(microphone, far, output, rate, after):
    size = rate // 50
    count = len(far) // size
    powers = [np.sum(v[: count * size].reshape(count, size) ** 2, 1) for v in (microphone, far, output)]
    taken = 10 * np.log10(powers[1] / powers[1].max()) >= -40
    taken &= np.arange(count) * size >= after
    return 10 * np.log10(powers[0][taken].sum() / powers[2][taken].sum())


def blocks(x):
    return np.stack([x[i : i + 256] for i in range(0, len(x) - 255, 128)]) * np.hanning(258)[1:-1]


def envelopes(x, y, rate):
    """Taal et al. 2011, section II-A: [band, frame] of both."""
    common = np.gcd(rate, 10000)
    x, y = (blocks(resample_poly(v, 10000 // common, rate // common)) for v in (x, y))
    level = 20 * np.log10(np.linalg.norm(x, axis=1))
    frequencies = np.arange(257) * 10000 / 512
    bands = np.zeros((15, 257))
    for band in range(15):
        centre = 150 * 2 ** (band / 3)
        low, high = (np.abs(frequencies - centre * 2**e).argmin() for e in (-1 / 6, 1 / 6))
        bands[band, low:high] = 1
    out = []
    for frames in (x, y):
        frames = frames[level > level.max() - 40]
        joined = np.zeros(128 * (len(frames) + 1))
        for i, frame in enumerate(frames):
            joined[128 * i : 128 * i + 256] += frame
        out.append(np.sqrt(bands @ np.abs(np.fft.rfft(blocks(joined), 512).T) ** 2))
    return out


def normalised(x, axis):
    x = x - x.mean(axis, keepdims=True)
    return x / np.linalg.norm(x, axis=axis, keepdims=True)


def intelligibility(clean, speech, rate):
    """STOI of Taal et al. 2011, and ESTOI of Jensen and Taal 2016."""
    x, y = envelopes(clean, speech, rate)
    stoi, estoi = [], []
    for end in range(30, x.shape[1] + 1):
        a, b = x[:, end - 30 : end], y[:, end - 30 : end]
        scaled = b * np.linalg.norm(a, axis=1, keepdims=True) / np.linalg.norm(b, axis=1, keepdims=True)
        clipped = np.minimum(scaled, a * (1 + 10 ** (15 / 20)))
        stoi.append(np.mean(np.sum(normalised(a, 1) * normalised(clipped, 1), 1)))
        a, b = (normalised(normalised(v, 1), 0) for v in (a, b))
        estoi.append(np.mean(np.sum(a * b, 0)))
    return float(np.mean(stoi)), float(np.mean(estoi))


def main(path):
    cases = []
    for rate, seconds, level in ((10000, 3, 0.1), (16000, 3, 0.02), (8000, 2.5, 0.5), (44100, 1.7, 2), (16000, 2, 0)):
        count = int(rate * seconds)
        clean = speech(1, count, rate)
        mixed = heard(2, clean, rate, level)
        far = speech(3, count, rate)
        t = np.arange(count) / rate
        # More and more, and more than the mixture where the far end is silent.
        left = np.where(t % 1.5 < 1.1, 0.1 + 0.1 * t, 2) * mixed
        stoi, estoi = intelligibility(clean, mixed, rate)
        after = int(0.7 * count)
        cases.append({
            "rate": rate, "samples": count, "level": level,
            "scaleInvariant": scale_invariant(mixed, clean),
            "improvement": scale_invariant(left, clean) - scale_invariant(mixed, clean),
            "stoi": stoi, "estoi": estoi,
            "after": after,
            "echoReturnLoss": echo_return_loss(mixed, far, left, rate, 0),
            "echoReturnLossAfter": echo_return_loss(mixed, far, left, rate, after),
        })
    with open(path, "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")


main(sys.argv[1])
