"""Print the lowest versions that setup.cfg allows, as constraints for pip: "numpy>=1.26" becomes "numpy==1.26"."""

import configparser
import re

config = configparser.ConfigParser()
config.read("setup.cfg", encoding="utf8")
extras = config["options.extras_require"]
wanted = [config["options"]["install_requires"], extras["pretrained"], extras["test"]]
for line in "\n".join(wanted).splitlines():
    if found := re.fullmatch(r"([\w.-]+)>=([\w.]+)", line.strip()):
        print(f"{found[1]}=={found[2]}")
