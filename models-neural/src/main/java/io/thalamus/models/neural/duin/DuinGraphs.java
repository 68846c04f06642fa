/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.models.neural.duin;

import io.thalamus.operators.inference.StreamModulator;
import io.thalamus.operators.inference.TensorGraph;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.ArrayList;
import java.util.List;

/** The graphs of the three networks; see {@link DuinGraph} for what they are made of. */
final class DuinGraphs {
    /** What each piece of a graph gives. */
    static final String PIECE = "piece";

    /** What the first layer of the front end gives. */
    static final String FIRST = "first";

    static final String PATCHES = "patch_emb";
    static final String WORDS = "y_pred";
    static final String POINTS = "vq.pre_proj";
    static final String PRODUCTS = "vq.products";
    static final String TOKENS = "E_vq";
    static final String DECODED = "decoded";
    static final String SIGNALS = "signals";
    static final String PREDICTED_CODES = "c_pred";

    private final DuinConfig config;
    private final Parts parts;
    private final boolean tapped;
    private final StreamModulator modulator;

    /** What graphs are put together of. */
    interface Parts {
        /** An empty graph for signals of so many patches. */
        DuinGraph empty(String name, int patches);
    }

    /**
     * Graphs of a network that serves.
     *
     * @param tapped whether what lies between is handed out too
     */
    DuinGraphs(DuinConfig config, DuinWeights weights, boolean tapped) {
        this(config, weights, tapped, StreamModulator.none());
    }

    /**
     * Graphs of a network that serves streams.
     *
     * @param modulator what a stream has learned of the first layer of the front end, whose signal
     *     is then handed out, too
     */
    DuinGraphs(DuinConfig config, DuinWeights weights, StreamModulator modulator) {
        this(config, weights, /* tapped= */ false, modulator);
    }

    private DuinGraphs(
            DuinConfig config, DuinWeights weights, boolean tapped, StreamModulator modulator) {
        this(
                config,
                (name, patches) ->
                        new ServingGraph(name, config, weights, patches, tapped, modulator),
                tapped,
                modulator);
    }

    /** Graphs of other parts. */
    DuinGraphs(DuinConfig config, Parts parts, boolean tapped) {
        this(config, parts, tapped, StreamModulator.none());
    }

    private DuinGraphs(DuinConfig config, Parts parts, boolean tapped, StreamModulator modulator) {
        this.config = config;
        this.parts = parts;
        this.tapped = tapped;
        this.modulator = modulator;
    }

    private DuinGraph graph(String name, int patches) {
        return parts.empty(name, patches);
    }

    /** From signals to patch embeddings. */
    DuinGraph patches(int patches) {
        DuinGraph parts = graph("patches", patches);
        TensorGraph graph = parts.graph();
        Node signals = graph.input("signals");
        Node projections = graph.input("projections");
        Node first = parts.first(signals, projections);
        parts.output(PATCHES, parts.patchEmbeddings(modulator.behind(graph, first)));
        if (modulator.isPresent()) {
            parts.output(FIRST, first);
        }
        return parts;
    }

    /** {@link #patches} in pieces, each of which takes what the one before gives. */
    List<DuinGraph> patchPieces(int patches) {
        List<DuinGraph> pieces = new ArrayList<>();
        DuinGraph first = graph("projected", patches);
        first.output(
                PIECE,
                first.projected(
                        first.graph().input("signals"), first.graph().input("projections")));
        pieces.add(first);
        int last = config.layers().size() - 1;
        for (int i = 0; i <= last; i++) {
            DuinGraph piece = graph("layer" + i, patches);
            Node result = piece.layer(i, piece.graph().input("image"));
            piece.output(PIECE, i == last ? piece.flattened(result) : result);
            pieces.add(piece);
        }
        return pieces;
    }

    /** {@link #signals} in pieces, as {@link #patchPieces}. */
    List<DuinGraph> signalPieces(int patches) {
        List<DuinGraph> pieces = new ArrayList<>();
        DuinGraph first = graph("time", patches);
        first.output(PIECE, first.inTime(first.graph().input("tokens")));
        pieces.add(first);
        for (int i = 0; i < config.upsampling().size(); i++) {
            DuinGraph piece = graph("upsampled" + i, patches);
            piece.output(PIECE, piece.upsampled(i, piece.graph().input("image")));
            pieces.add(piece);
        }
        DuinGraph last = graph("channels", patches);
        TensorGraph graph = last.graph();
        Node image = graph.input("image");
        last.output(
                PIECE, last.signalsOf(image, graph.input("projections"), graph.input("biases")));
        pieces.add(last);
        return pieces;
    }

    private Node encoded(DuinGraph parts, Node patches, String positions, String pass) {
        Node placed = parts.placed(patches, positions);
        return parts.transformer("encoder", config.encoder(), placed, "enc", pass);
    }

    /**
     * From patch embeddings to the likelihoods of words, each for itself. What the reference
     * computes besides, the codes and the contrastive projection, is left out unless it is tapped.
     */
    DuinGraph words(int patches) {
        DuinGraph parts = graph("words", patches);
        Node tokens = encoded(parts, parts.graph().input("patches"), "emb_time", "");
        Node logits = parts.tap("cls.logits", parts.words(tokens));
        parts.output(WORDS, parts.graph().sigmoid(logits));
        if (tapped) {
            if (config.quantizer() != null) {
                parts.quantizer(tokens);
            }
            if (config.contrast() > 0) {
                parts.contrast(tokens);
            }
        }
        return parts;
    }

    /** From patch embeddings to what codes are told by. */
    DuinGraph codes(int patches) {
        DuinGraph parts = graph("codes", patches);
        parts.quantizer(encoded(parts, parts.graph().input("patches"), "emb_time#0", ""));
        return parts;
    }

    /** From codes to tokens. */
    DuinGraph tokens(int patches) {
        DuinGraph parts = graph("tokens", patches);
        parts.output(TOKENS, parts.embedded(parts.graph().input("codes")));
        return parts;
    }

    /** From codes to the tokens that signals are made of. */
    DuinGraph decoded(int patches) {
        DuinGraph parts = graph("decoded", patches);
        Node embedded = parts.embedded(parts.graph().input("codes"));
        Node placed = parts.placed(embedded, "emb_time#1");
        parts.output(DECODED, parts.transformer("decoder", config.decoder(), placed, "dec", ""));
        parts.tap(TOKENS, embedded);
        return parts;
    }

    /** From decoded tokens to signals. */
    DuinGraph signals(int patches) {
        DuinGraph parts = graph("signals", patches);
        TensorGraph graph = parts.graph();
        Node tokens = graph.input("tokens");
        parts.output(
                SIGNALS, parts.signals(tokens, graph.input("projections"), graph.input("biases")));
        return parts;
    }

    /**
     * From patch embeddings to the codes that are predicted of each patch, from the pass in which
     * it was masked. The mask is {@code [B, patches, 1]}.
     */
    DuinGraph masked(int patches) {
        DuinGraph parts = graph("masked", patches);
        TensorGraph graph = parts.graph();
        Node tokens = graph.input("patches");
        Node hidden = graph.input("mask");
        Node shown = graph.scale(hidden, -1, 1);
        Node first = predicted(parts, tokens, shown, hidden, "#0");
        Node second = predicted(parts, tokens, hidden, shown, "#1");
        parts.output(
                PREDICTED_CODES,
                graph.add(graph.multiply(first, hidden), graph.multiply(second, shown)));
        return parts;
    }

    private Node predicted(DuinGraph parts, Node tokens, Node shown, Node hidden, String pass) {
        TensorGraph graph = parts.graph();
        Node mask = parts.weight("mask_emb", config.token());
        Node mixed = graph.add(graph.multiply(tokens, shown), graph.multiply(mask, hidden));
        Node encoded = encoded(parts, mixed, "emb_time" + pass, pass);
        return parts.tap("cls_block" + pass, parts.predictedCodes(encoded));
    }
}
