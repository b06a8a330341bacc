"""Networks that someone trained.

load            a `Model` from a file of Keras, PyTorch, TensorFlow Lite or npmobile; README.md lists the formats
load_integers   an `IntegerModel` from a `.tflite` file
fetch           download a published file once
digits          the network that ships with the package: it reads handwritten digits

One module reads one file format: `keras`, `safetensors`, `npz`, `tflite`. `huggingface`, `timm` and `sequential` know
three ways to name the arrays of a `.safetensors` file. `contents` says what the formats have in common, and
`layouts` how the frameworks order the axes of kernels.
"""

from .fetching import PUBLISHED, fetch
from .handwritten import digit_input, digits, digits_test
from .loading import load
from .tflite import load_integers

__all__ = ["PUBLISHED", "digit_input", "digits", "digits_test", "fetch", "load", "load_integers"]
