"""Networks that someone trained.

load            a `Model` from a file of Keras, Hugging Face or npmobile
fetch           download a published file once
digits          the network that ships with the package: it reads handwritten digits
"""

from .fetching import PUBLISHED, fetch
from .loading import digit_input, digits, digits_test, load

__all__ = ["PUBLISHED", "digit_input", "digits", "digits_test", "fetch", "load"]
