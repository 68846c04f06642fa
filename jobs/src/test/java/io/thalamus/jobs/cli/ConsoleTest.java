/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    @Test
    void jsonIsUtf8WhateverTheLocale() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream ascii = new PrintStream(bytes, true, StandardCharsets.US_ASCII);

        new Console(Console.inUtf8(ascii), ascii, false).json(List.of("\u00b0C"));

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("\u00b0C");
    }
}
