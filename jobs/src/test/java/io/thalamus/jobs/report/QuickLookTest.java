/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.report;

import static io.thalamus.jobs.report.QuickLookPicture.COLUMNS;
import static io.thalamus.jobs.report.QuickLookPicture.LEFT;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalamus.connectors.Received;
import io.thalamus.connectors.recording.RecordingDescription;
import io.thalamus.connectors.recording.StreamDescription;
import io.thalamus.schemas.Annotation;
import io.thalamus.schemas.SampleRate;
import io.thalamus.schemas.SignalFrame;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuickLookTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_700_000_000 * SECOND;
    private static final SampleRate RATE = SampleRate.ofHertz(2000);

    /** Ten seconds: silence, a loud tone of 500 Hz from 3 s to 6 s, a gap from 7 s to 8 s. */
    private static BufferedImage toneAndGap() {
        QuickLook look = new QuickLook(recording(stream("s", 2)), START, START + 10 * SECOND);
        for (int second = 0; second < 10; second++) {
            if (second == 7) {
                continue;
            }
            float[] samples = new float[2 * 2000];
            for (int i = 0; i < 2000; i++) {
                boolean loud = second >= 3 && second < 6;
                samples[i] = (float) ((loud ? 1 : 0.001) * Math.sin(Math.PI * (i + 0.5) / 2));
            }
            look.add(Received.frame(frame("s", second * 2000L, samples, 2)));
        }
        look.add(Received.annotation(new Annotation("s", START + 2 * SECOND, SECOND, "before")));
        return look.draw();
    }

    @Test
    void levelsGapsAndAnnotationsAreWhereTheyBelong() {
        BufferedImage picture = toneAndGap();

        assertThat(picture.getWidth()).isEqualTo(QuickLookPicture.WIDTH);
        assertThat(picture.getHeight()).isBetween(400, 600);
        assertThat(pixels(picture, 1.5, QuickLookPicture.LEVELS)).isBetween(1, 8);
        assertThat(pixels(picture, 4.5, QuickLookPicture.LEVELS)).isGreaterThan(50);
        assertThat(pixels(picture, 7.5, QuickLookPicture.LEVELS)).isZero();
        assertThat(pixels(picture, 7.5, QuickLookPicture.GAP)).isGreaterThan(200);
        assertThat(pixels(picture, 6.9, QuickLookPicture.GAP)).isZero();
        assertThat(pixels(picture, 8.1, QuickLookPicture.GAP)).isZero();
        assertThat(pixels(picture, 2.5, QuickLookPicture.ANNOTATION)).isEqualTo(4);
        assertThat(pixels(picture, 3.5, QuickLookPicture.ANNOTATION)).isZero();
        assertThat(pixels(picture, 2, QuickLookPicture.ANNOTATION)).isGreaterThan(100);
    }

    @Test
    void aToneIsALineOfTheSpectrogram() {
        BufferedImage picture = toneAndGap();
        Color loudest = new Color(HeatMap.colour(1));

        assertThat(pixels(picture, 1.5, loudest)).isZero();
        int x = x(4.5);
        int[] bright =
                IntStream.range(0, picture.getHeight())
                        .filter(y -> picture.getRGB(x, y) == loudest.getRGB())
                        .toArray();
        assertThat(bright).isNotEmpty();
        // Half of the highest frequency: in the middle of the last strip.
        int bottom = picture.getHeight() - 16 - 40 - 6;
        assertThat(bottom - bright[bright.length / 2]).isBetween(70, 80);
    }

    @Test
    void aLostSampleIsSeenInALongRecording() {
        SampleRate slow = SampleRate.ofHertz(1);
        StreamDescription stream = new StreamDescription("s", List.of("a"), List.of("V"), slow);
        long hours = 3600 * 24;
        QuickLook look = new QuickLook(recording(stream), START, START + hours * SECOND);
        look.add(Received.frame(frame(slow, 0, 3600 * 12)));
        look.add(Received.frame(frame(slow, 3600 * 12 + 1, 3600 * 12 - 1)));

        BufferedImage picture = look.draw();

        assertThat(pixels(picture, 5, QuickLookPicture.GAP)).isPositive();
        long wide =
                IntStream.range(LEFT, LEFT + COLUMNS)
                        .filter(x -> pixelsAt(picture, x, QuickLookPicture.GAP) > 0)
                        .count();
        assertThat(wide).isBetween(1L, 2L);
    }

    @Test
    void aPictureOfManyStreamsAndChannelsIsBounded() {
        List<StreamDescription> streams = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            streams.add(stream("s" + i, 300));
        }
        QuickLook look =
                new QuickLook(
                        recording(streams.toArray(StreamDescription[]::new)),
                        START,
                        START + SECOND);
        look.add(Received.frame(frame("s0", 0, new float[300 * 40], 300)));
        look.add(Received.frame(frame("s39", 0, new float[300 * 40], 300)));

        // Silence has no spectrogram.
        assertThat(look.draw().getHeight()).isBetween(6 * 600, 6 * 650);
    }

    private static RecordingDescription recording(StreamDescription... streams) {
        return new RecordingDescription("x.edf", "x", "EDF", 0, START, List.of(streams));
    }

    private static StreamDescription stream(String id, int channels) {
        return new StreamDescription(id, names(channels), Collections.nCopies(channels, ""), RATE);
    }

    private static List<String> names(int channels) {
        return IntStream.range(0, channels).mapToObj(i -> "c" + i).toList();
    }

    private static SignalFrame frame(String id, long sequence, float[] samples, int channels) {
        return new SignalFrame(
                id, sequence, 0, START + RATE.nanosOf(sequence), RATE, names(channels), samples, 0);
    }

    private static SignalFrame frame(SampleRate rate, long sequence, int length) {
        return new SignalFrame(
                "s",
                sequence,
                0,
                START + rate.nanosOf(sequence),
                rate,
                List.of("a"),
                new float[length],
                0);
    }

    /** How many pixels of a column have a colour. */
    private static long pixelsAt(BufferedImage picture, int x, Color colour) {
        return IntStream.range(0, picture.getHeight())
                .filter(y -> picture.getRGB(x, y) == colour.getRGB())
                .count();
    }

    /** The same at a time of ten. */
    private static int pixels(BufferedImage picture, double tenths, Color colour) {
        return (int) pixelsAt(picture, x(tenths), colour);
    }

    private static int x(double tenths) {
        return LEFT + (int) (tenths / 10 * COLUMNS);
    }
}
