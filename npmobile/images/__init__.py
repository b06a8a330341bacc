"""Photographs to arrays: whatever a student has, as the network wants it.

opening     `open_image`: files, arrays and Pillow images as upright RGB
preparing   `prepare`: cropped, resized and scaled, as a `Preparation` says
"""

from .opening import ImageLike, open_image
from .preparing import Preparation, check_prepared, prepare

__all__ = ["ImageLike", "Preparation", "check_prepared", "open_image", "prepare"]
