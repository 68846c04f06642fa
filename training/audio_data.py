# SPDX-License-Identifier: Apache-2.0
"""Speech, noise and rooms for training the audio networks, made on the device that trains.

    audio_data.py pack SPEECH_FOLDER NOISE_FOLDER FILE    one file of both, about a third as long
    audio_data.py rooms                                   reverberation times asked for and made

A packed clip is the fixed linear prediction's residual (order 0 to 3, as in FLAC) of its samples,
rounded 50 dB below the clip's level. Every tenth speaker and noise clip is kept for validation.
"""
import glob
import math
import os
import sys
import wave

import numpy as np
import torch
import torch.nn.functional as F

RATE = 16000
SOUND = 343.0


# --- clips ---


def read_wav(path):
    """The samples of a 16-bit mono file as whole numbers, and its rate."""
    with wave.open(path) as file:
        if file.getsampwidth() != 2 or file.getnchannels() != 1:
            raise ValueError(f"{path}: 16-bit mono is needed")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2"), file.getframerate()


def _residual(values):
    """The smallest residual of the fixed predictors, and its order."""
    found = []
    for order in range(4):
        found.append((int(np.abs(values).sum()), order, values))
        values = np.diff(values, prepend=0)
    return min(found, key=lambda each: each[:2])[1:]


def pack(folders, path):
    """Writes the WAV files of `folders`, {kind: folder}, to one compressed file."""
    table, planes = [], []
    for kind, folder in folders.items():
        for name in sorted(glob.glob(os.path.join(folder, "*.wav"))):
            samples, rate = read_wav(name)
            if rate != RATE:
                raise ValueError(f"{name}: {rate} Hz, {RATE} are needed")
            level = np.sqrt(np.mean(samples.astype(np.float64) ** 2))
            step = max(1.0, level * 10**-2.5 * math.sqrt(12))
            order, residual = _residual(np.rint(samples / step).astype(np.int64))
            table.append((kind, os.path.basename(name)[:-4], len(samples), order, step))
            planes.append(np.where(residual >= 0, 2 * residual, -2 * residual - 1))
    values = np.concatenate(planes).astype(np.uint32)
    if values.max() > 0xFFFF:
        raise ValueError("a residual exceeds 16 bits")
    kinds, names, lengths, orders, steps = zip(*table)
    np.savez_compressed(
        path,
        kind=np.array(kinds),
        name=np.array(names),
        length=np.array(lengths),
        order=np.array(orders),
        step=np.array(steps),
        low=(values & 0xFF).astype(np.uint8),
        high=(values >> 8).astype(np.uint8),
    )


def unpack(path, kind):
    """(name, samples in [-1, 1)) of every clip of a kind."""
    with np.load(path) as file:
        data = {name: file[name] for name in file.files}
    values = data["low"].astype(np.int64) + 256 * data["high"].astype(np.int64)
    values = np.where(values & 1, -(values + 1) // 2, values // 2)
    ends = np.cumsum(data["length"])
    clips = []
    for i in np.flatnonzero(data["kind"] == kind):
        samples = values[ends[i] - data["length"][i] : ends[i]]
        for _ in range(int(data["order"][i])):
            samples = np.cumsum(samples)
        clips.append((str(data["name"][i]), (samples * data["step"][i] / 32768).astype(np.float32)))
    return clips


def split(clips):
    """Clips to train on, and every tenth to validate on."""
    kept = [clip for i, clip in enumerate(clips) if i % 10 != 9]
    return kept, clips[9::10]


def amounts(**kinds):
    """How much there is of each kind of clips."""
    return {
        kind: {"clips": len(clips), "seconds": round(sum(len(samples) for _, samples in clips) / RATE)}
        for kind, clips in kinds.items()
    }


class Bank:
    """Clips as one tensor [voices, samples] on the device, each also at other speeds.

    Voice v is clip v // speeds. A speed changes pitch and formants along, so it makes a new voice.
    """

    def __init__(self, clips, device, rate=RATE, speeds=(1.0,)):
        longest = max(len(samples) for _, samples in clips)
        longest += -longest % 4000
        padded = torch.zeros(len(clips), longest)
        for row, (_, samples) in zip(padded, clips):
            row[: len(samples)] = torch.from_numpy(samples)
        length = torch.tensor([len(samples) for _, samples in clips])
        spectrum = torch.fft.rfft(padded.to(device))
        width = int(longest * rate / RATE / min(speeds))
        voices = torch.zeros(len(clips), len(speeds), width, device=device)
        lengths = torch.zeros(len(clips), len(speeds), dtype=torch.long)
        for i, speed in enumerate(speeds):
            size = int(longest * rate / RATE / speed) // 2 * 2
            bins = min(size // 2 + 1, spectrum.shape[1])
            resampled = torch.fft.irfft(spectrum[:, :bins], n=size) * (size / longest)
            voices[:, i, :size] = resampled[:, :width]
            lengths[:, i] = (length * size / longest).long()
        self.voices = voices.flatten(0, 1)
        self.lengths = lengths.flatten().to(device)
        self.clips, self.speeds = len(clips), len(speeds)

    def tracks(self, draw, clip, samples, gap):
        """Tracks [B, samples] of clips, repeated with pauses of `gap` (low, high) samples, from
        anywhere; and where they sound."""
        batch = len(clip)
        voice = clip * self.speeds + draw.whole(0, self.speeds, batch)
        length = self.lengths[voice]
        period = length + draw.whole(*gap, batch)
        first = (draw.uniform(0, 1, batch) * period).long()
        at = torch.arange(samples, device=clip.device)
        place = (first[:, None] + at) % period[:, None]
        sounds = place < length[:, None]
        place = place.clamp(max=self.voices.shape[1] - 1)
        return self.voices[voice[:, None], place] * sounds, sounds


class Draw:
    """Random numbers on a device from a seed."""

    def __init__(self, seed, device):
        self.generator = torch.Generator(device)
        self.generator.manual_seed(seed)
        self.device = device

    def uniform(self, low, high, *shape):
        drawn = torch.rand(*shape, generator=self.generator, device=self.device)
        return low + (high - low) * drawn

    def normal(self, *shape):
        return torch.randn(*shape, generator=self.generator, device=self.device)

    def whole(self, low, high, *shape):
        return torch.randint(low, high, shape, generator=self.generator, device=self.device)

    def two_clips(self, clips, batch):
        """Two different clips for each item."""
        first = self.whole(0, clips, batch)
        return first, (first + self.whole(1, clips, batch)) % clips


def level(signal, where):
    """Root mean square of signals [B, n] where a mask holds."""
    power = (signal**2 * where).sum(1) / where.sum(1).clamp(min=1)
    return torch.sqrt(power + 1e-12)


def decibels(value):
    return 10 ** (value / 20)


def equaliser(draw, batch, bins, deviation):
    """Smooth random gains [batch, bins] without delay, a few dB up and down."""
    f = torch.linspace(0, math.pi, bins, device=draw.device)
    shapes = torch.stack([torch.cos(f * i) for i in (1, 2, 3)])
    return decibels(deviation * draw.normal(batch, 3) @ shapes)


def high_pass(f, edge):
    """Second-order Butterworth response at frequencies `f`, edges [B, 1] or a number."""
    s = 1j * f / edge
    return s * s / (s * s + math.sqrt(2) * s + 1)


def low_pass(f, edge):
    s = 1j * f / edge
    return 1 / (s * s + math.sqrt(2) * s + 1)


# --- rooms ---


def image_source(draw, room, source, microphone, rt60, taps):
    """Response [taps] of a shoebox room with equal walls (Allen and Berkley 1979).

    Images are placed at four times the rate and decimated; those of reflections are displaced by up
    to 4 cm, so that regular rooms do not flutter. The walls absorb as Eyring's formula says for 0.6
    of the time asked: between equal walls, what runs along the floor outlives a diffuse field.
    """
    device = draw.device
    lx, ly, lz = room
    volume, surface = lx * ly * lz, 2 * (lx * ly + ly * lz + lx * lz)
    reflection = math.exp(-0.161 * volume / (surface * 0.6 * rt60) / 2)
    reach = SOUND * min(taps / RATE, rt60)
    axes = []
    for size, s, m in zip(room, source, microphone):
        most = math.ceil(reach / (2 * size))
        n = torch.arange(-most, most + 1, device=device)
        axes.append(
            (
                torch.cat([2 * n * size + s - m, 2 * n * size - s - m]),
                torch.cat([2 * n.abs(), (n - 1).abs() + n.abs()]),
            )
        )
    (x, i), (y, j), (z, k) = axes
    square = (x**2)[:, None, None] + (y**2)[None, :, None] + (z**2)[None, None, :]
    bounces = i[:, None, None] + j[None, :, None] + k[None, None, :]
    inside = square < reach**2
    distance, bounces = torch.sqrt(square[inside]), bounces[inside]
    moved = draw.uniform(-0.04, 0.04, len(distance)) * (bounces > 0)
    distance = (distance + moved).clamp(min=0.05)
    amplitude = reflection**bounces / distance
    fine = 4 * taps
    place = (distance / SOUND * 4 * RATE).round().long()
    heard = place < fine
    response = torch.zeros(fine, device=device)
    response.index_add_(0, place[heard], amplitude[heard])
    return response


def room_responses(draw, count, taps=12288):
    """Responses [count, 3, taps] from a talker, a loudspeaker, and where that moves to."""
    shape = torch.Generator()
    shape.manual_seed(int(draw.whole(0, 2**31, 1)))

    def between(low, high):
        return low + (high - low) * float(torch.rand(1, generator=shape))

    def near(room, centre, distance):
        """A place about this far from the centre, and half a metre or so from the walls."""
        for _ in range(100):
            turn, lift = between(0, 2 * math.pi), between(-0.5, 0.5)
            place = [
                centre[0] + distance * math.cos(turn) * math.cos(lift),
                centre[1] + distance * math.sin(turn) * math.cos(lift),
                centre[2] + distance * math.sin(lift),
            ]
            if all(0.2 < p < size - 0.2 for p, size in zip(place, room)):
                return place
        return [min(max(p, 0.2), size - 0.2) for p, size in zip(place, room)]

    responses = torch.zeros(count, 3, 4 * taps, device=draw.device)
    for each in responses:
        room = [between(3, 10), between(2.6, 7.5), between(2.4, 3.6)]
        rt60 = between(0.12, 0.75)
        microphone = [between(0.8, size - 0.8) for size in room]
        loudspeaker = between(0.15, 1.6)
        for k, distance in enumerate((between(0.4, 2.5), loudspeaker, 1.3 * loudspeaker)):
            source = near(room, microphone, distance)
            each[k] = image_source(draw, room, source, microphone, rt60, taps)
    f = torch.linspace(0, RATE / 2, taps // 2 + 1, device=draw.device)
    taper = 0.5 + 0.5 * torch.cos(math.pi * ((f - 7200) / 800).clamp(0, 1))
    gain = taper * high_pass(f, 60.0)
    for i in range(0, count, 64):
        spectrum = torch.fft.rfft(responses[i : i + 64])[..., : taps // 2 + 1]
        responses[i : i + 64, :, :taps] = torch.fft.irfft(spectrum * gain, n=taps)
    responses = responses[..., :taps].clone()
    return responses / torch.sqrt((responses**2).sum(-1, keepdim=True))


def reverberation_time(response):
    """T20: three times the time that the energy still to come takes from -5 to -25 dB."""
    left = np.cumsum(np.asarray(response, np.float64)[::-1] ** 2)[::-1]
    left = 10 * np.log10(left / left[0] + 1e-20)
    return 3 * (np.argmax(left < -25) - np.argmax(left < -5)) / RATE


# --- calls ---


def loudspeaker(draw, far):
    """What a loudspeaker makes of signals [B, n]: linear, or one of three distortions."""
    batch = len(far)
    peak = far.abs().amax(1, keepdim=True) + 1e-6
    z = far / peak
    drive = draw.uniform(1.2, 3.0, batch, 1)
    soft = torch.tanh(drive * z) / torch.tanh(drive)
    clip = draw.uniform(0.55, 0.9, batch, 1)
    clipped = torch.maximum(torch.minimum(z, clip), -clip)
    bent = 1.5 * clipped - 0.3 * clipped**2
    slope = torch.where(bent > 0, draw.uniform(2.5, 4.5, batch, 1), draw.uniform(0.4, 1.5, batch, 1))
    sigmoid = 2 / (1 + torch.exp(-slope * bent)) - 1
    q = F.pad(z, (2, -2))
    amount = draw.uniform(0.5, 1.2, batch, 1)
    memory = z + amount * (-0.35 * z**3 + 0.25 * z * q - 0.15 * q**2)
    kind = draw.whole(0, 4, batch)
    shaped = torch.stack([z, soft, sigmoid, memory])[kind, torch.arange(batch, device=far.device)]
    everywhere = torch.ones_like(far)
    return shaped * (level(far, everywhere) / level(shaped, everywhere))[:, None]


class Calls:
    """Microphone signals of calls with echo and noise, and what they are made of.

    Kinds: far end alone, near end alone, near end starting late, double talk throughout, and a far
    end that pauses while the near end speaks.
    """

    KINDS = ("far", "near", "late", "double", "pause")
    SHARES = (0.18, 0.12, 0.30, 0.28, 0.12)

    def __init__(self, speech, noise, responses):
        self.speech, self.noise, self.responses = speech, noise, responses

    def batch(self, draw, batch, samples, kinds=None):
        """{mic, far, near, echo, active} of `batch` calls [B, samples]; active: the near end may
        speak. `kinds` [B] chooses the kinds by number."""
        device = draw.device
        if kinds is None:
            edges = torch.tensor(np.cumsum(self.SHARES)[:-1], device=device, dtype=torch.float32)
            kinds = torch.bucketize(draw.uniform(0, 1, batch), edges)
        alone, silent, late, _, pausing = (kinds == i for i in range(5))
        t = torch.arange(samples, device=device)

        def ramp(start, length):
            return ((t - start[:, None]) / length).clamp(0, 1)

        first, second = draw.two_clips(self.speech.clips, batch)
        gap = (int(0.2 * RATE), int(0.6 * RATE))
        far, far_sounds = self.speech.tracks(draw, first, samples, gap)
        near, near_sounds = self.speech.tracks(draw, second, samples, gap)

        pause = draw.uniform(0.1, 0.6, batch) * samples
        back = pause + draw.uniform(0.15, 0.4, batch) * samples
        gate = torch.where(pausing[:, None], 1 - ramp(pause, 160) + ramp(back, 160), 1.0)
        gate = gate * ~silent[:, None]
        far = far / level(far, far_sounds)[:, None] * decibels(draw.uniform(-33, -16, batch, 1))
        far = (far * gate).clamp(-0.99, 0.99)
        far_sounds = far_sounds & (gate > 0.5)

        start = torch.where(late, draw.uniform(0.15, 0.65, batch) * samples, 0 * pause)
        active = (t >= start[:, None]) & ~alone[:, None]
        near = near * ramp(start, 160) * ~alone[:, None]
        near_sounds = near_sounds & active

        rooms = self.responses[draw.whole(0, len(self.responses), batch)]
        size = samples + rooms.shape[-1] + int(0.2 * RATE)
        size += -size % 4096
        f = torch.linspace(0, RATE / 2, size // 2 + 1, device=device)
        rooms = torch.fft.rfft(rooms, n=size)
        played = torch.fft.rfft(loudspeaker(draw, far), n=size)
        played = played * high_pass(f, draw.uniform(100, 350, batch, 1)) * low_pass(f, 7200.0)
        played = played * equaliser(draw, batch, len(f), 2.0)
        # A call's delay is estimated in front of the canceller or is not: both are met.
        delay = torch.where(
            draw.uniform(0, 1, batch, 1) < 0.4,
            draw.uniform(0, 0.016, batch, 1),
            draw.uniform(0, 0.16, batch, 1),
        )
        played = played * torch.polar(torch.ones_like(delay * f), -2 * math.pi * f * delay)
        echo = torch.fft.irfft(played * rooms[:, 1], n=size)[:, :samples]
        moved = torch.fft.irfft(played * rooms[:, 2], n=size)[:, :samples]
        change = draw.uniform(0.2, 0.8, batch) * samples
        changes = draw.uniform(0, 1, batch, 1) < 0.15
        crossed = ramp(change, int(0.05 * RATE)) * changes
        echo = (1 - crossed) * echo + crossed * moved

        near = torch.fft.rfft(near, n=size) * rooms[:, 0] * equaliser(draw, batch, len(f), 1.5)
        near = torch.fft.irfft(near, n=size)[:, :samples]
        near = near / level(near, near_sounds)[:, None] * decibels(draw.uniform(-33, -21, batch, 1))
        near = near * ~alone[:, None]
        heard = torch.where(
            alone, decibels(draw.uniform(-36, -18, batch)), level(near, near_sounds)
        )
        both = far_sounds & (active | alone[:, None])
        ratio = decibels(draw.uniform(-12, 15, batch))
        # Alone, the ratio has no meaning: the level drawn above is the echo's.
        ratio = torch.where(alone, torch.ones_like(ratio), ratio)
        scale = heard / ratio / level(echo, both).clamp(min=1e-5)
        echo = echo * (scale * ~silent)[:, None]

        noise, _ = self.noise.tracks(draw, draw.whole(0, self.noise.clips, batch), samples, (0, 1))
        noise = torch.where(draw.uniform(0, 1, batch, 1) < 0.12, draw.normal(batch, samples), noise)
        noise = torch.fft.rfft(noise, n=size) * equaliser(draw, batch, len(f), 3.0)
        noise = torch.fft.irfft(noise, n=size)[:, :samples]
        everywhere = torch.ones_like(noise)
        loudness = torch.where(alone, level(echo, far_sounds), level(near, near_sounds))
        wanted = loudness * decibels(-draw.uniform(3, 32, batch))
        quiet = draw.uniform(0, 1, batch) < 0.15
        noise = noise * (wanted * ~quiet / level(noise, everywhere).clamp(min=1e-5))[:, None]

        mic = near + echo + noise
        scale = 1 / (mic.abs().amax(1, keepdim=True) / 0.99).clamp(min=1)
        parts = {"mic": mic, "near": near, "echo": echo}
        parts = {name: part * scale for name, part in parts.items()}
        return {**parts, "far": far, "active": active, "kind": kinds}


def main():
    if sys.argv[1] == "pack":
        pack({"speech": sys.argv[2], "noise": sys.argv[3]}, sys.argv[4])
        print(amounts(**{kind: unpack(sys.argv[4], kind) for kind in ("speech", "noise")}))
    elif sys.argv[1] == "rooms":
        draw = Draw(1, torch.device("cpu"))
        for rt60 in (0.12, 0.2, 0.4, 0.7):
            response = image_source(draw, (6.5, 5.1, 2.9), (2, 2, 1.5), (3, 3.2, 1.4), rt60, 12288)
            response = torch.fft.irfft(torch.fft.rfft(response)[:6145], n=12288)
            print(f"asked {rt60} s, made {reverberation_time(response):.2f} s")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
