/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.signal.detection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/** Numbers that {@code training/anomaly_references.py} has reckoned. */
final class References {
    private References() {}

    static JsonNode read(String name) throws IOException {
        try (InputStream in = References.class.getResourceAsStream("/detection/" + name)) {
            return new ObjectMapper().readTree(in);
        }
    }

    static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble(Double.NaN);
        }
        return numbers;
    }
}
