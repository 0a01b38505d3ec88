"""The nets of src/nets in PyTorch: the same shapes, and first weights of the same scale."""

from torch import nn


def perceptron(units):
    return nn.Sequential(
        nn.Sequential(nn.Linear(784, units), nn.ReLU()),
        nn.Sequential(nn.Linear(units, units), nn.ReLU(), nn.Linear(units, 10)),
    )


def convnet(channels):
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, channels, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        nn.Sequential(
            nn.Conv2d(channels, 2 * channels, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(7 * 7 * 2 * channels, 10),
        ),
    )


def separable(inputs, outputs):
    depthwise = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs)
    return nn.Sequential(depthwise, nn.ReLU(), nn.Conv2d(inputs, outputs, 1), nn.ReLU())


def depthwise(channels):
    return nn.Sequential(
        nn.Conv2d(1, channels, 3, padding=1),
        nn.ReLU(),
        separable(channels, 2 * channels),
        nn.MaxPool2d(2),
        separable(2 * channels, 4 * channels),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4 * channels, 10),
    )


def normalised(inputs, outputs, kernel, stride):
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = normalised(inputs, outputs, 3, stride)
        self.second = normalised(outputs, outputs, 3, 1)
        self.shortcut = nn.Identity() if inputs == outputs else normalised(inputs, outputs, 1, stride)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.second(self.relu(self.first(x))) + self.shortcut(x))


def resnet8(channels):
    return nn.Sequential(
        normalised(3, channels, 3, 1),
        nn.ReLU(),
        Block(channels, channels, 1),
        Block(channels, 2 * channels, 2),
        Block(2 * channels, 4 * channels, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(4 * channels, 10),
    )


class Lstm(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.lstm = nn.LSTM(28, units, batch_first=True)
        self.logits = nn.Linear(units, 10)

    def forward(self, x):
        return self.logits(self.lstm(x)[0][:, -1])


BUILDERS = {
    "perceptron": perceptron,
    "quickstart": perceptron,
    "convnet": convnet,
    "depthwise": depthwise,
    "resnet8": resnet8,
    "lstm": Lstm,
}


def build(kind, width):
    """A net with the first weights of tfjs: Glorot's, or He's in the hidden layers of the quickstart."""
    net = BUILDERS[kind](width)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            continue
        for name, parameter in module.named_parameters(recurse=False):
            if parameter.dim() < 2:
                nn.init.zeros_(parameter)
            elif kind == "quickstart" and parameter.shape[0] != 10:
                nn.init.kaiming_normal_(parameter, nonlinearity="relu")
            else:
                nn.init.xavier_normal_(parameter)
            # tfjs starts the forget gate of an LSTM at 1.
            if name == "bias_ih_l0":
                nn.init.ones_(parameter.data[width : 2 * width])
    return net
