/* SPDX-License-Identifier: Apache-2.0 */
package io.thalamus.operators.inference.interpreter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import io.thalamus.operators.inference.Operation;
import io.thalamus.operators.inference.WrongConvolution;
import java.util.Arrays;
import java.util.List;

/**
 * One operation on arrays whose shapes are known to fit.
 *
 * @param arguments what it works on
 * @param shape the shape of the result
 */
record NDArrayStep(List<NDArray> arguments, int[] shape) implements Operation.Visitor<NDArray> {

    private NDArray argument(int index) {
        return arguments.get(index);
    }

    private NDArray argumentOrNull(int index) {
        return index < arguments.size() ? arguments.get(index) : null;
    }

    @Override
    public NDArray conv2d(Operation.Conv2d given) {
        Operation.Conv2d how = given;
        NDArray kernel = argument(1);
        if (WrongConvolution.is(given, sizes(argument(0)), sizes(kernel))) {
            how = WrongConvolution.widened(given);
            Shape shape = kernel.getShape();
            NDArray zeros =
                    kernel.getManager()
                            .zeros(new Shape(shape.get(0), shape.get(1), shape.get(2), 1));
            kernel = NDArrays.concat(new NDList(zeros, kernel, zeros), 3);
        }
        return Conv2d.conv2d(
                        argument(0),
                        kernel,
                        argumentOrNull(2),
                        new Shape(how.strideRows(), how.strideColumns()),
                        new Shape(how.padRows(), how.padColumns()),
                        new Shape(how.dilationRows(), how.dilationColumns()),
                        how.groups())
                .singletonOrThrow();
    }

    private static int[] sizes(NDArray array) {
        return Arrays.stream(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public NDArray dense(Operation.Dense how) {
        return Linear.linear(argument(0), argument(1), argumentOrNull(2)).singletonOrThrow();
    }

    @Override
    public NDArray matMul(Operation.MatMul how) {
        NDArray a = how.transposeA() ? argument(0).transpose(0, 2, 1) : argument(0);
        NDArray b = how.transposeB() ? argument(1).transpose(0, 2, 1) : argument(1);
        return a.matMul(b);
    }

    @Override
    public NDArray layerNorm(Operation.LayerNorm how) {
        Shape last = argument(1).getShape();
        return LayerNorm.layerNorm(
                        argument(0), last, argument(1), argument(2), (float) how.epsilon())
                .singletonOrThrow();
    }

    @Override
    public NDArray unary(Operation.Unary operation) {
        NDArray x = argument(0);
        return switch (operation) {
            case SOFTMAX -> x.softmax(-1);
            case GELU -> Activation.gelu(x);
            case RELU -> Activation.relu(x);
            case SIGMOID -> Activation.sigmoid(x);
            case TANH -> Activation.tanh(x);
            case SQRT -> x.sqrt();
        };
    }

    @Override
    public NDArray binary(Operation.Binary operation) {
        NDArray a = argument(0);
        NDArray b = argument(1);
        return switch (operation) {
            case ADD -> a.add(b);
            case SUBTRACT -> a.sub(b);
            case MULTIPLY -> a.mul(b);
            case DIVIDE -> a.div(b);
        };
    }

    @Override
    public NDArray scalar(Operation.Scalar how) {
        return argument(0).mul((float) how.factor()).add((float) how.shift());
    }

    @Override
    public NDArray reshape(Operation.Reshape how) {
        return argument(0).reshape(Arrays.stream(shape).asLongStream().toArray());
    }

    @Override
    public NDArray transpose(Operation.Transpose how) {
        return argument(0).transpose(how.order().values());
    }

    @Override
    public NDArray slice(Operation.Slice how) {
        int size = Math.toIntExact(argument(0).getShape().get(how.axis()));
        NDIndex index = new NDIndex();
        for (int axis = 0; axis < how.axis(); axis++) {
            index.addAllDim();
        }
        // MXNet keeps results of convolutions in blocks of channels, which it cannot cut between;
        // a reshape makes it leave them.
        NDArray plain = argument(0).reshape(argument(0).getShape());
        return plain.get(index.addSliceDim(how.first(size), how.last(size)));
    }

    @Override
    public NDArray concat(Operation.Concat how) {
        return NDArrays.concat(new NDList(arguments), how.axis());
    }
}
