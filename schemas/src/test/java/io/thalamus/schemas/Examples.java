/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.schemas;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** One record of every type, with no two components alike. */
public final class Examples {
    private static final SampleRate HOURLY = new SampleRate(1, 3600);

    public static final SignalFrame FRAME =
            new SignalFrame(
                    "transformer-1",
                    17_420L,
                    3,
                    1_467_331_200_000_000_001L,
                    HOURLY,
                    List.of("load", "öl °C"),
                    new float[] {5.827f, Float.NaN, -0f, 1e-38f, Float.MAX_VALUE, 30.531f},
                    1);

    public static final SignalFrame AUDIO =
            new SignalFrame(
                    "microphone",
                    0L,
                    0,
                    -1L,
                    SampleRate.ofHertz(16_000),
                    List.of("left"),
                    new float[] {0f, -1f, 32767f / 32768, 1f / 32768},
                    0);

    public static final Forecast FORECAST =
            new Forecast(
                    "transformer-1",
                    17_516L,
                    3,
                    1_467_676_800_000_000_000L,
                    HOURLY,
                    List.of("load", "oil"),
                    new float[] {1.5f, 0.1f, -2.25f, 3e10f},
                    "timesnet");

    public static final List<WireRecord> ALL =
            List.of(
                    FRAME,
                    FORECAST,
                    new AnomalyScore(
                            "pump",
                            5L,
                            1,
                            1_000_000_007L,
                            SampleRate.ofHertz(250),
                            List.of("x", "y"),
                            new float[] {0.5f, 0.75f},
                            new float[] {1f, 2f, 3f, 4f},
                            "timesnet-anomaly"),
                    new AnomalyEvent(
                            "pump", 1, 1_000L, 2_000L, 9.5f, 3.25f, List.of("y", "x"), "detector"),
                    new Classification(
                            "cough",
                            100L,
                            2,
                            4_000L,
                            5_000L,
                            "dry",
                            List.of("wet", "dry"),
                            new float[] {0.125f, 0.875f},
                            "classifier"),
                    new TokenFrame(
                            "seeg",
                            640L,
                            4,
                            7_000L,
                            new SampleRate(25, 2),
                            2048,
                            new int[] {0, 2047, 5},
                            "du-in"),
                    new Annotation("seeg", 8_000L, 9_000L, "seizure onset"),
                    new AdaptationEvent(
                            "pump",
                            11_000L,
                            AdaptationEvent.Kind.ROLL_BACK,
                            0.1,
                            "norm over bound",
                            "timesnet"),
                    new ControlCommand(
                            ControlCommand.ALL_STREAMS,
                            12_000L,
                            ControlCommand.Kind.SWAP_BUNDLE,
                            "bundles/next"),
                    new DeadLetter(
                            "frames",
                            6,
                            13_000L,
                            14_000L,
                            "source",
                            "CORRUPT",
                            "the SignalFrame is cut off",
                            "a;b\u00e9".getBytes(StandardCharsets.UTF_8)),
                    new ForecastError(
                            "transformer-1",
                            17_516L,
                            3,
                            1_467_676_800_000_000_000L,
                            0.25,
                            0.1,
                            7,
                            0.375,
                            0.2,
                            "timesnet"));

    private Examples() {}
}
