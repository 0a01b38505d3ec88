"""The recipe in Keras, with its Distiller, on TensorFlow."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras  # noqa: E402
import tensorflow  # noqa: E402

ABOUT = f"Keras {keras.__version__}, TensorFlow {tensorflow.__version__}"


def perceptron(weights, activation):
    kernels = weights[::2]
    model = keras.Sequential([keras.Input([kernels[0].shape[0]])])
    for place, kernel in enumerate(kernels):
        is_last = place == len(kernels) - 1
        model.add(keras.layers.Dense(kernel.shape[1], activation=None if is_last else activation))
    model.set_weights(weights)
    return model


def optimizer_of(recipe):
    rate = recipe["learningRate"]
    if recipe["optimizer"] == "sgd":
        return keras.optimizers.SGD(rate, momentum=recipe["momentum"])
    return keras.optimizers.Adam(rate, epsilon=recipe["epsilon"])


def distillation_loss(recipe):
    temperature = recipe["temperature"]
    if recipe["isDefaultLoss"]:
        return keras.distillation.LogitsDistillation(temperature=temperature)
    return keras.distillation.LogitsDistillation(temperature, loss=keras.losses.KLDivergence())


def start(work, recipe):
    student = perceptron(work.student, recipe["activation"])
    distiller = keras.distillation.Distiller(
        teacher=perceptron(work.teacher, "relu"),
        student=student,
        distillation_losses=distillation_loss(recipe),
        student_loss_weight=1 - recipe["softWeight"],
    )
    distiller.compile(
        optimizer=optimizer_of(recipe),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )

    def step(x, y):
        # Its metrics are means over all steps since the last reset.
        distiller.reset_metrics()
        return distiller.train_on_batch(x, y, return_dict=True)["total_loss"]

    return step, student.get_weights
