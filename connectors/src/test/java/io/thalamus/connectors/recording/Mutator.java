/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.connectors.recording;

import java.util.Arrays;
import java.util.Random;

/** Damages files: the same damage for the same seed. */
final class Mutator {
    private static final int[] NUMBERS = {
        0, 1, -1, 2, 7, 8, 16, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000
    };
    private static final String[] TEXTS = {
        "0", "-1", "1", "99999999", "1e9", "-", "x", " ", "0.0001", "1E-99", "+0", "\u0014", "\0"
    };

    private final Random random;

    Mutator(long seed) {
        random = new Random(seed);
    }

    /** A damaged copy; most of the damage is near the front, where headers are. */
    byte[] mutate(byte[] original) {
        byte[] bytes = original.clone();
        int damages = 1 + random.nextInt(6);
        for (int i = 0; i < damages && bytes.length > 0; i++) {
            bytes = damage(bytes);
        }
        return bytes;
    }

    private byte[] damage(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        if (random.nextBoolean()) {
            at = random.nextInt(Math.min(bytes.length, 64 << random.nextInt(5)));
        }
        switch (random.nextInt(9)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt(256);
            case 2, 3 -> {
                int width = 1 << random.nextInt(4);
                long value = NUMBERS[random.nextInt(NUMBERS.length)] + (long) random.nextInt(2);
                boolean bigEndian = random.nextBoolean();
                for (int i = 0; i < width && at + i < bytes.length; i++) {
                    bytes[at + i] = (byte) (value >> 8 * (bigEndian ? width - 1 - i : i));
                }
            }
            case 4 -> {
                String text = TEXTS[random.nextInt(TEXTS.length)];
                for (int i = 0; i < text.length() && at + i < bytes.length; i++) {
                    bytes[at + i] = (byte) text.charAt(i);
                }
            }
            case 5 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 6 -> {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(40));
                return spliced(bytes, at, end, new byte[0]);
            }
            case 7 -> {
                byte[] more = new byte[1 + random.nextInt(40)];
                random.nextBytes(more);
                return spliced(bytes, at, at, more);
            }
            default -> {
                int from = random.nextInt(bytes.length);
                int to = Math.min(bytes.length, from + 1 + random.nextInt(300));
                return spliced(bytes, at, at, Arrays.copyOfRange(bytes, from, to));
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] instead) {
        byte[] spliced = Arrays.copyOf(bytes, bytes.length - (to - from) + instead.length);
        System.arraycopy(instead, 0, spliced, from, instead.length);
        System.arraycopy(bytes, to, spliced, from + instead.length, bytes.length - to);
        return spliced;
    }
}
