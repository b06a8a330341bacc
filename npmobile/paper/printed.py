"""What was printed, digit for digit: the paper's 14 tables, and two tables of others about the same networks.

Nothing here is computed and nothing is corrected. Numbers stay text, so that it is known to how many digits they were
printed.
Sources: Howard et al., 2017, arXiv 1704.04861v1; tensorflow/models, research/slim/nets/mobilenet_v1.md, the release
of 2018-02-22; the header of keras_applications/mobilenet.py, 2017 to 2021.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A printed table: its name ("Table 6"), its title, and its cells as text.

    Examples
    --------
    >>> PAPER[5].name, PAPER[5].columns[2], PAPER[5].rows[0]
    ('Table 6', 'million_mult_adds', ('1.0 MobileNet-224', '70.6', '569', '4.2'))
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def label(self, row: tuple[str, ...]) -> str:
        """What names a row: its first cell, and in Table 13 its first two, framework and model.

        >>> PAPER[12].label(PAPER[12].rows[2])
        'SSD 300 MobileNet'
        """
        return " ".join(row[: 2 if self.name == "Table 13" else 1])


def _read(text: str) -> tuple[Table, ...]:
    """Read tables that an empty line separates: a line of name and title, a line of columns, the rows."""
    tables = []
    for block in text.strip().split("\n\n"):
        heading, *lines = block.splitlines()
        name, title = heading.split(": ", 1)
        columns, *rows = (tuple(line.split(" | ")) for line in lines)
        tables.append(Table(name, title, columns, tuple(rows)))
    return tuple(tables)


PAPER = _read("""
Table 1: MobileNet Body Architecture
type_stride | filter_shape | input_size | repeat
Conv / s2 | 3x3x3x32 | 224x224x3 | 1
Conv dw / s1 | 3x3x32 dw | 112x112x32 | 1
Conv / s1 | 1x1x32x64 | 112x112x32 | 1
Conv dw / s2 | 3x3x64 dw | 112x112x64 | 1
Conv / s1 | 1x1x64x128 | 56x56x64 | 1
Conv dw / s1 | 3x3x128 dw | 56x56x128 | 1
Conv / s1 | 1x1x128x128 | 56x56x128 | 1
Conv dw / s2 | 3x3x128 dw | 56x56x128 | 1
Conv / s1 | 1x1x128x256 | 28x28x128 | 1
Conv dw / s1 | 3x3x256 dw | 28x28x256 | 1
Conv / s1 | 1x1x256x256 | 28x28x256 | 1
Conv dw / s2 | 3x3x256 dw | 28x28x256 | 1
Conv / s1 | 1x1x256x512 | 14x14x256 | 1
Conv dw / s1 | 3x3x512 dw | 14x14x512 | 5
Conv / s1 | 1x1x512x512 | 14x14x512 | 5
Conv dw / s2 | 3x3x512 dw | 14x14x512 | 1
Conv / s1 | 1x1x512x1024 | 7x7x512 | 1
Conv dw / s2 | 3x3x1024 dw | 7x7x1024 | 1
Conv / s1 | 1x1x1024x1024 | 7x7x1024 | 1
Avg Pool / s1 | Pool 7x7 | 7x7x1024 | 1
FC / s1 | 1024x1000 | 1x1x1024 | 1
Softmax / s1 | Classifier | 1x1x1000 | 1

Table 2: Resource Per Layer Type
type | mult_adds_percent | parameters_percent
Conv 1x1 | 94.86 | 74.59
Conv DW 3x3 | 3.06 | 1.06
Conv 3x3 | 1.19 | 0.02
Fully Connected | 0.18 | 24.33

Table 3: Resource usage for modifications to standard convolution
layer_modification | million_mult_adds | million_parameters
Convolution | 462 | 2.36
Depthwise Separable Conv | 52.3 | 0.27
alpha = 0.75 | 29.6 | 0.15
rho = 0.714 | 15.1 | 0.15

Table 4: Depthwise Separable vs Full Convolution MobileNet
model | imagenet_accuracy_percent | million_mult_adds | million_parameters
Conv MobileNet | 71.7 | 4866 | 29.3
MobileNet | 70.6 | 569 | 4.2

Table 5: Narrow vs Shallow MobileNet
model | imagenet_accuracy_percent | million_mult_adds | million_parameters
0.75 MobileNet | 68.4 | 325 | 2.6
Shallow MobileNet | 65.3 | 307 | 2.9

Table 6: MobileNet Width Multiplier
model | imagenet_accuracy_percent | million_mult_adds | million_parameters
1.0 MobileNet-224 | 70.6 | 569 | 4.2
0.75 MobileNet-224 | 68.4 | 325 | 2.6
0.5 MobileNet-224 | 63.7 | 149 | 1.3
0.25 MobileNet-224 | 50.6 | 41 | 0.5

Table 7: MobileNet Resolution
model | imagenet_accuracy_percent | million_mult_adds | million_parameters
1.0 MobileNet-224 | 70.6 | 569 | 4.2
1.0 MobileNet-192 | 69.1 | 418 | 4.2
1.0 MobileNet-160 | 67.2 | 290 | 4.2
1.0 MobileNet-128 | 64.4 | 186 | 4.2

Table 8: MobileNet Comparison to Popular Models
model | imagenet_accuracy_percent | million_mult_adds | million_parameters
1.0 MobileNet-224 | 70.6 | 569 | 4.2
GoogleNet | 69.8 | 1550 | 6.8
VGG 16 | 71.5 | 15300 | 138

Table 9: Smaller MobileNet Comparison to Popular Models
model | imagenet_accuracy_percent | million_mult_adds | million_parameters
0.50 MobileNet-160 | 60.2 | 76 | 1.32
Squeezenet | 57.5 | 1700 | 1.25
AlexNet | 57.2 | 720 | 60

Table 10: MobileNet for Stanford Dogs
model | top1_accuracy_percent | million_mult_adds | million_parameters
Inception V3 [18] | 84 | 5000 | 23.2
1.0 MobileNet-224 | 83.3 | 569 | 3.3
0.75 MobileNet-224 | 81.9 | 325 | 1.9
1.0 MobileNet-192 | 81.9 | 418 | 3.3
0.75 MobileNet-192 | 80.5 | 239 | 1.9

Table 11: Performance of PlaNet using the MobileNet architecture
scale | im2gps_percent | planet_percent | planet_mobilenet_percent
Continent (2500 km) | 51.9 | 77.6 | 79.3
Country (750 km) | 35.4 | 64.0 | 60.3
Region (200 km) | 32.1 | 51.1 | 45.2
City (25 km) | 21.9 | 31.7 | 31.7
Street (1 km) | 2.5 | 11.0 | 11.4

Table 12: Face attribute classification using the MobileNet architecture
width_resolution | mean_ap_percent | million_mult_adds | million_parameters
1.0 MobileNet-224 | 88.7 | 568 | 3.2
0.5 MobileNet-224 | 88.1 | 149 | 0.8
0.25 MobileNet-224 | 87.2 | 45 | 0.2
1.0 MobileNet-128 | 88.1 | 185 | 3.2
0.5 MobileNet-128 | 87.7 | 48 | 0.8
0.25 MobileNet-128 | 86.4 | 15 | 0.2
Baseline | 86.9 | 1600 | 7.5

Table 13: COCO object detection results comparison using different frameworks and network architectures
framework_resolution | model | map_percent | billion_mult_adds | million_parameters
SSD 300 | deeplab-VGG | 21.1 | 34.9 | 33.1
SSD 300 | Inception V2 | 22.0 | 3.8 | 13.7
SSD 300 | MobileNet | 19.3 | 1.2 | 6.8
Faster-RCNN 300 | VGG | 22.9 | 64.3 | 138.5
Faster-RCNN 300 | Inception V2 | 15.4 | 118.2 | 13.3
Faster-RCNN 300 | MobileNet | 16.4 | 25.2 | 6.1
Faster-RCNN 600 | VGG | 25.7 | 149.6 | 138.5
Faster-RCNN 600 | Inception V2 | 21.9 | 129.6 | 13.3
Faster-RCNN 600 | Mobilenet | 19.8 | 30.5 | 6.1

Table 14: MobileNet Distilled from FaceNet
model | accuracy_at_1e-4_percent | million_mult_adds | million_parameters
FaceNet [25] | 83 | 1600 | 7.5
1.0 MobileNet-160 | 79.4 | 286 | 4.9
1.0 MobileNet-128 | 78.3 | 185 | 5.5
0.75 MobileNet-128 | 75.2 | 166 | 3.4
0.75 MobileNet-128 | 72.5 | 108 | 3.8
""")

# Accuracies are those of one crop, in percent.
(RELEASED,) = _read("""
TF-slim README: Pre-trained Models
model | million_mult_adds | million_parameters | top1_accuracy_percent | top5_accuracy_percent
MobileNet_v1_1.0_224 | 569 | 4.24 | 70.9 | 89.9
MobileNet_v1_1.0_192 | 418 | 4.24 | 70.0 | 89.2
MobileNet_v1_1.0_160 | 291 | 4.24 | 68.0 | 87.7
MobileNet_v1_1.0_128 | 186 | 4.24 | 65.2 | 85.8
MobileNet_v1_0.75_224 | 317 | 2.59 | 68.4 | 88.2
MobileNet_v1_0.75_192 | 233 | 2.59 | 67.2 | 87.3
MobileNet_v1_0.75_160 | 162 | 2.59 | 65.3 | 86.0
MobileNet_v1_0.75_128 | 104 | 2.59 | 62.1 | 83.9
MobileNet_v1_0.50_224 | 150 | 1.34 | 63.3 | 84.9
MobileNet_v1_0.50_192 | 110 | 1.34 | 61.7 | 83.6
MobileNet_v1_0.50_160 | 77 | 1.34 | 59.1 | 81.9
MobileNet_v1_0.50_128 | 49 | 1.34 | 56.3 | 79.4
MobileNet_v1_0.25_224 | 41 | 0.47 | 49.8 | 74.2
MobileNet_v1_0.25_192 | 34 | 0.47 | 47.7 | 72.3
MobileNet_v1_0.25_160 | 21 | 0.47 | 45.5 | 70.3
MobileNet_v1_0.25_128 | 14 | 0.47 | 41.5 | 66.3
""")

KERAS_HEADER = _read("""
Keras header: Width Multiplier (alpha)
model | imagenet_accuracy_percent | million_mult_adds | million_parameters
1.0 MobileNet-224 | 70.6 | 529 | 4.2
0.75 MobileNet-224 | 68.4 | 325 | 2.6
0.50 MobileNet-224 | 63.7 | 149 | 1.3
0.25 MobileNet-224 | 50.6 | 41 | 0.5

Keras header, continued: Resolution
model | imagenet_accuracy_percent | million_mult_adds | million_parameters
1.0 MobileNet-224 | 70.6 | 529 | 4.2
1.0 MobileNet-192 | 69.1 | 529 | 4.2
1.0 MobileNet-160 | 67.2 | 529 | 4.2
1.0 MobileNet-128 | 64.4 | 529 | 4.2
""")
