/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference;

import io.thalamus.operators.inference.Operation.Concat;
import io.thalamus.operators.inference.Operation.Conv2d;
import io.thalamus.operators.inference.Operation.Dense;
import io.thalamus.operators.inference.Operation.LayerNorm;
import io.thalamus.operators.inference.Operation.MatMul;
import io.thalamus.operators.inference.Operation.Reshape;
import io.thalamus.operators.inference.Operation.Scalar;
import io.thalamus.operators.inference.Operation.Slice;
import io.thalamus.operators.inference.Operation.Transpose;
import io.thalamus.operators.inference.Operation.Unary;
import io.thalamus.operators.inference.TensorGraph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What every operation of a {@link TensorGraph} means, in plain loops and float64 throughout: slow,
 * obvious, and independent of any engine. The oracle for those that are fast.
 */
public final class ReferenceEngine implements GraphEngine {

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public CompiledSegment compile(TensorGraph graph, Map<String, Tensor> weights) {
        graph.weights().forEach(weight -> graph.weightValue(weight, weights));
        return new Segment(graph, Map.copyOf(weights));
    }

    @Override
    public void close() {}

    private record Segment(TensorGraph graph, Map<String, Tensor> weights)
            implements CompiledSegment {

        @Override
        public void run(List<Tensor> inputs, List<Tensor> outputs) {
            int[][] shapes = graph.shapes(inputs.stream().map(Tensor::shape).toList(), weights);
            double[][] values = new double[shapes.length][];
            for (Node weight : graph.weights()) {
                values[weight.id()] = widen(graph.weightValue(weight, weights));
            }
            for (int i = 0; i < inputs.size(); i++) {
                values[graph.inputs().get(i).id()] = widen(inputs.get(i));
            }
            for (Node node : graph.nodes()) {
                if (node.isResult()) {
                    List<Value> arguments = new ArrayList<>();
                    for (Node argument : node.arguments()) {
                        arguments.add(new Value(shapes[argument.id()], values[argument.id()]));
                    }
                    int[] shape = shapes[node.id()];
                    values[node.id()] =
                            node.operation()
                                    .accept(
                                            new Evaluation(
                                                    arguments,
                                                    shape,
                                                    new double[Tensor.size(shape)]));
                }
            }
            for (int i = 0; i < outputs.size(); i++) {
                int id = graph.outputs().get(i).id();
                Tensor output = outputs.get(i).reshape(shapes[id]);
                for (int j = 0; j < values[id].length; j++) {
                    output.data()[j] = (float) values[id][j];
                }
            }
        }

        private static double[] widen(Tensor tensor) {
            double[] wide = new double[tensor.size()];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = tensor.data()[i];
            }
            return wide;
        }

        @Override
        public void close() {}
    }

    private record Value(int[] shape, double[] data) {
        int size(int axis) {
            return shape[axis];
        }

        int last() {
            return shape[shape.length - 1];
        }

        double at(int a, int b, int c, int d) {
            return data[((a * shape[1] + b) * shape[2] + c) * shape[3] + d];
        }
    }

    /** One operation on its arguments; fills and returns {@code out}. */
    private record Evaluation(List<Value> arguments, int[] shape, double[] out)
            implements Operation.Visitor<double[]> {

        private Value argument(int index) {
            return arguments.get(index);
        }

        /** The bias of an output channel, if the operation has one. */
        private double bias(int channel) {
            return arguments.size() > 2 ? argument(2).data[channel] : 0;
        }

        @Override
        public double[] conv2d(Conv2d conv) {
            int at = 0;
            for (int b = 0; b < shape[0]; b++) {
                for (int o = 0; o < shape[1]; o++) {
                    for (int row = 0; row < shape[2]; row++) {
                        for (int column = 0; column < shape[3]; column++) {
                            out[at++] = bias(o) + correlation(conv, b, o, row, column);
                        }
                    }
                }
            }
            return out;
        }

        private double correlation(Conv2d conv, int b, int o, int row, int column) {
            Value x = argument(0);
            Value w = argument(1);
            int firstIn = o / (shape[1] / conv.groups()) * w.size(1);
            int top = row * conv.strideRows() - conv.padRows();
            int left = column * conv.strideColumns() - conv.padColumns();
            double sum = 0;
            for (int i = 0; i < w.size(1); i++) {
                for (int r = 0; r < w.size(2); r++) {
                    for (int c = 0; c < w.size(3); c++) {
                        int from = top + r * conv.dilationRows();
                        int beside = left + c * conv.dilationColumns();
                        if (from >= 0 && from < x.size(2) && beside >= 0 && beside < x.size(3)) {
                            sum += x.at(b, firstIn + i, from, beside) * w.at(o, i, r, c);
                        }
                    }
                }
            }
            return sum;
        }

        @Override
        public double[] dense(Dense dense) {
            Value x = argument(0);
            Value w = argument(1);
            int wide = x.last();
            int narrow = w.size(0);
            for (int row = 0; row < out.length / narrow; row++) {
                for (int o = 0; o < narrow; o++) {
                    double sum = bias(o);
                    for (int i = 0; i < wide; i++) {
                        sum += x.data[row * wide + i] * w.data[o * wide + i];
                    }
                    out[row * narrow + o] = sum;
                }
            }
            return out;
        }

        @Override
        public double[] matMul(MatMul product) {
            Value a = argument(0);
            Value b = argument(1);
            int inner = a.size(product.transposeA() ? 1 : 2);
            int at = 0;
            for (int batch = 0; batch < shape[0]; batch++) {
                for (int row = 0; row < shape[1]; row++) {
                    for (int column = 0; column < shape[2]; column++) {
                        double sum = 0;
                        for (int k = 0; k < inner; k++) {
                            sum +=
                                    element(a, batch, row, k, product.transposeA())
                                            * element(b, batch, k, column, product.transposeB());
                        }
                        out[at++] = sum;
                    }
                }
            }
            return out;
        }

        private static double element(Value m, int batch, int row, int column, boolean transposed) {
            int r = transposed ? column : row;
            int c = transposed ? row : column;
            return m.data[(batch * m.size(1) + r) * m.size(2) + c];
        }

        @Override
        public double[] layerNorm(LayerNorm norm) {
            Value x = argument(0);
            int width = x.last();
            for (int start = 0; start < out.length; start += width) {
                double mean = 0;
                for (int i = 0; i < width; i++) {
                    mean += x.data[start + i] / width;
                }
                double variance = 0;
                for (int i = 0; i < width; i++) {
                    variance += Math.pow(x.data[start + i] - mean, 2) / width;
                }
                for (int i = 0; i < width; i++) {
                    out[start + i] =
                            (x.data[start + i] - mean)
                                            / Math.sqrt(variance + norm.epsilon())
                                            * argument(1).data[i]
                                    + argument(2).data[i];
                }
            }
            return out;
        }

        @Override
        public double[] unary(Unary unary) {
            Value x = argument(0);
            if (unary == Unary.SOFTMAX) {
                return softmax(x);
            }
            for (int i = 0; i < out.length; i++) {
                double v = x.data[i];
                out[i] =
                        switch (unary) {
                            case GELU -> v / 2 * (1 + erf(v / Math.sqrt(2)));
                            case RELU -> v < 0 ? 0 : v;
                            case SIGMOID -> 1 / (1 + Math.exp(-v));
                            case TANH -> Math.tanh(v);
                            case SQRT -> Math.sqrt(v);
                            case SOFTMAX -> throw new AssertionError(unary);
                        };
            }
            return out;
        }

        private double[] softmax(Value x) {
            int width = x.last();
            for (int start = 0; start < out.length; start += width) {
                double largest = Double.NEGATIVE_INFINITY;
                for (int i = 0; i < width; i++) {
                    largest = Math.max(largest, x.data[start + i]);
                }
                double sum = 0;
                for (int i = 0; i < width; i++) {
                    out[start + i] = Math.exp(x.data[start + i] - largest);
                    sum += out[start + i];
                }
                for (int i = 0; i < width; i++) {
                    out[start + i] /= sum;
                }
            }
            return out;
        }

        @Override
        public double[] binary(Operation.Binary binary) {
            Value a = argument(0);
            Value b = argument(1);
            int[] position = new int[shape.length];
            for (int i = 0; i < out.length; i++) {
                double left = stretched(a, position);
                double right = stretched(b, position);
                out[i] =
                        switch (binary) {
                            case ADD -> left + right;
                            case SUBTRACT -> left - right;
                            case MULTIPLY -> left * right;
                            case DIVIDE -> left / right;
                        };
                advance(position);
            }
            return out;
        }

        private static double stretched(Value x, int[] position) {
            int index = 0;
            int skipped = position.length - x.shape.length;
            for (int axis = 0; axis < x.shape.length; axis++) {
                index = index * x.size(axis) + (x.size(axis) == 1 ? 0 : position[skipped + axis]);
            }
            return x.data[index];
        }

        /** The next position in the result, last axis fastest. */
        private void advance(int[] position) {
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                if (++position[axis] < shape[axis]) {
                    return;
                }
                position[axis] = 0;
            }
        }

        @Override
        public double[] scalar(Scalar scalar) {
            for (int i = 0; i < out.length; i++) {
                out[i] = scalar.factor() * argument(0).data[i] + scalar.shift();
            }
            return out;
        }

        @Override
        public double[] reshape(Reshape reshape) {
            return argument(0).data;
        }

        @Override
        public double[] transpose(Transpose transpose) {
            Value x = argument(0);
            int[] position = new int[shape.length];
            int[] source = new int[shape.length];
            for (int i = 0; i < out.length; i++) {
                for (int axis = 0; axis < shape.length; axis++) {
                    source[transpose.order().values()[axis]] = position[axis];
                }
                out[i] = stretched(x, source);
                advance(position);
            }
            return out;
        }

        @Override
        public double[] slice(Slice slice) {
            Value x = argument(0);
            int[] position = new int[shape.length];
            int[] source = new int[shape.length];
            for (int i = 0; i < out.length; i++) {
                System.arraycopy(position, 0, source, 0, source.length);
                source[slice.axis()] += slice.first(x.size(slice.axis()));
                out[i] = stretched(x, source);
                advance(position);
            }
            return out;
        }

        @Override
        public double[] concat(Concat concat) {
            int[] position = new int[shape.length];
            int[] source = new int[shape.length];
            for (int i = 0; i < out.length; i++) {
                System.arraycopy(position, 0, source, 0, source.length);
                int part = 0;
                while (source[concat.axis()] >= argument(part).size(concat.axis())) {
                    source[concat.axis()] -= argument(part++).size(concat.axis());
                }
                out[i] = stretched(argument(part), source);
                advance(position);
            }
            return out;
        }
    }

    /**
     * The error function: its Taylor series, and for large arguments the continued fraction of its
     * complement (Abramowitz and Stegun 7.1.5 and 7.1.14).
     */
    static double erf(double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        double z = Math.abs(x);
        double result;
        if (z < 3) {
            double term = z;
            double sum = z;
            for (int n = 1; Math.abs(term) > 1e-20; n++) {
                term *= -z * z / n;
                sum += term / (2 * n + 1);
            }
            result = 2 / Math.sqrt(Math.PI) * sum;
        } else {
            double fraction = z;
            for (int n = 60; n > 0; n--) {
                fraction = z + n / 2.0 / fraction;
            }
            result = 1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction;
        }
        return Math.copySign(result, x);
    }
}
