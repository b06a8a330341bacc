"""Files: written whole or not at all, checked before they are read, and refused in one line.

atomic      `replacing`: write a file that replaces the old one only when it is whole
messages    text for messages: one line of bounded length, whatever a file holds
stored      arrays in files: what they declare, and whether that is what a network wants
archive     `.npz` files
"""

from .archive import Contents, npz, write_npz
from .atomic import replacing
from .messages import listed, one_line, unreadable
from .stored import Stored

__all__ = ["Contents", "Stored", "listed", "npz", "one_line", "replacing", "unreadable", "write_npz"]
