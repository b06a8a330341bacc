"""Errata: mistakes in print, each shown by arithmetic that is done again whenever it is asked for.

They are worth teaching, because most are small: one wrong letter, one number cut off instead of rounded, a comparison
of two numbers that were counted in different ways. None changes what the paper found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from .. import cost
from ..spec import BLOCKS, mobilenet
from .networks import squeezenet
from .printed import KERAS_HEADER, PAPER, RELEASED
from .readings import DOGS, first_layer_of


@dataclass(frozen=True)
class Erratum:
    """A mistake in print: where it is, what is printed, what is right, and the arithmetic that shows it."""

    where: str
    printed: str
    right: str
    why: str


def list_errata() -> list[Erratum]:
    """All errata, that of the worked example first.

    Returns
    -------
    list of Erratum

    Examples
    --------
    >>> first = list_errata()[0]
    >>> first.printed, first.right
    ('32*32*3*3*3 + 3*64*3*3 = 29,376 mult-adds, ratio 0.0167', '224,256 mult-adds, ratio 0.1267')
    """
    return [erratum() for erratum in _ERRATA]


def _worked_example() -> Erratum:
    D_K, M, N, D_F = 3, 3, 64, 32
    right = cost.depthwise(D_K, M, D_F) + cost.pointwise(M, N, D_F)
    wrong = cost.depthwise(D_K, M, D_F) + cost.pointwise(M, N, D_K)  # D_K where D_F belongs
    standard = cost.standard(D_K, M, N, D_F)
    check = Fraction(1, N) + Fraction(1, D_F**2)  # D_F where D_K belongs
    return Erratum(
        "A study note's worked example",
        "32*32*3*3*3 + 3*64*3*3 = 29,376 mult-adds, ratio 0.0167",
        f"{right:,} mult-adds, ratio {float(cost.separable_ratio(D_K, N)):.4f}",
        f"the pointwise term has D_K = {D_K} where D_F = {D_F} belongs, {cost.pointwise(M, N, D_K):,} for "
        f"{cost.pointwise(M, N, D_F):,}, which makes {wrong:,}. Its check has D_F where D_K belongs, the same swap, and "
        f"agrees exactly: {wrong:,} / {standard:,} = {Fraction(wrong, standard)}, and 1/N + 1/D_F^2 = {check}. A check "
        "that shares the mistake proves nothing",
    )


def _last_stride() -> Erratum:
    right, wrong = _total(), _total(blocks=(*BLOCKS[:-1], (1024, 2)))
    stride_row = PAPER[0].rows[17]
    return Erratum(
        "Table 1, row 18",
        stride_row[0],
        stride_row[0].replace("s2", "s1"),
        f"at stride 2 its 7 x 7 becomes {-(-7 // 2)} x {-(-7 // 2)}, but the next row starts with "
        f"{PAPER[0].rows[18][2]}; and the network would have {_millions(wrong)}, not {_millions(right)}",
    )


def _swapped_digits() -> Erratum:
    shares = [Fraction(row[1]) for row in PAPER[1].rows]
    right = Fraction(round(10000 * cost.by_kind(mobilenet())["standard"].share), 100)
    return Erratum(
        "Table 2, Conv 3x3",
        f"{PAPER[1].rows[2][1]} %",
        f"{float(right):.2f} %",
        f"two digits are swapped: the column adds up to {float(sum(shares)):.2f}, and with {float(right):.2f} to "
        f"{float(sum(shares) - shares[2] + right):.2f}",
    )


def _classifier_left_out() -> Erratum:
    *body, _, classifier = full = mobilenet(separable=False)
    without, whole = sum(map(cost.mult_adds, body)), sum(map(cost.mult_adds, full))
    parameters = sum(map(cost.parameters, full))
    return Erratum(
        "Table 4, Conv MobileNet",
        PAPER[3].rows[0][2],
        f"{whole / 1e6:.0f}",
        f"{_millions(without)} leave out the classifier's {_millions(cost.mult_adds(classifier))}, which the "
        f"{parameters / 1e6:.1f} million parameters beside them and MobileNet's {PAPER[3].rows[1][2]} include",
    )


def _cut_off(number: int, label: str, column: int, classifier: bool = True) -> Erratum:
    (printed,) = {row[column] for row in PAPER[number - 1].rows if row[0] == label}
    alpha, resolution = label.split(" MobileNet-")
    layers = mobilenet(float(alpha), int(resolution))
    exact = sum(map(cost.mult_adds, layers if classifier else layers[:-1]))
    return Erratum(
        f"Table {number}, {label}",
        printed,
        f"{exact / 1e6:.0f}",
        f"{_millions(exact, 3)} are cut off, not rounded" + ("" if classifier else "; the classifier is left out"),
    )


def _squeezenet_twice() -> Erratum:
    squeeze, ours = squeezenet().mult_adds, _total(0.5, 160)
    printed, beside = PAPER[8].rows[1][2], PAPER[8].rows[0][2]
    return Erratum(
        "Table 9, Squeezenet",
        f'{printed}, and "22x less computation"',
        f"{squeeze / 1e6:.0f}, and {squeeze / ours:.0f}x",
        f"{_millions(squeeze)} become {_millions(2 * squeeze)} if multiplications and additions are counted apart, as "
        f"in no other row: {printed} / {beside} = {int(printed) / int(beside):.1f}, but {squeeze / 1e6:.1f} / "
        f"{ours / 1e6:.1f} = {squeeze / ours:.1f}",
    )


def _four_percent() -> Erratum:
    ours, squeeze, alex = (Fraction(row[1]) for row in PAPER[8].rows)
    return Erratum(
        "Table 9, in the text",
        '"4% better" than AlexNet and than Squeezenet',
        f"{float(ours - alex):.1f} and {float(ours - squeeze):.1f} points",
        f"{float(ours)} - {float(alex)} = {float(ours - alex):.1f}, {float(ours)} - {float(squeeze)} = "
        f"{float(ours - squeeze):.1f}",
    )


def _dogs(row: int) -> Erratum:
    label, _, printed, parameters = PAPER[9].rows[row]
    resolution = int(label.split("-")[1])
    dogs, imagenet = _total(1.0, resolution, DOGS), _total(1.0, resolution)
    return Erratum(
        f"Table 10, {label}",
        printed,
        f"{dogs / 1e6:.0f}",
        f"{DOGS} breeds make {_millions(dogs)}; {_millions(imagenet)} belong to 1000 classes, while the "
        f"{parameters} million parameters beside them belong to {DOGS}",
    )


def _narrow_faces() -> Erratum:
    found = {}
    for resolution in (224, 128):
        layers = mobilenet(0.25, resolution)[:-1]
        found[resolution] = [sum(map(cost.mult_adds, table)) / 1e6 for table in (layers, first_layer_of(16, layers))]
    (eight, sixteen), (small_eight, small_sixteen) = found[224], found[128]
    return Erratum(
        "Table 12, 0.25 MobileNet-224 and -128",
        f"{PAPER[11].rows[2][2]} and {PAPER[11].rows[5][2]}",
        f"{eight:.0f} and {small_eight:.0f}",
        f"a first layer of 16 channels makes {sixteen:.2f} (then cut off) and {small_sixteen:.2f} million; alpha 0.25 "
        f"has {mobilenet(0.25)[0].N}, and {eight:.2f} and {small_eight:.2f}; Table 6 prints {PAPER[5].rows[3][2]}",
    )


def _wrong_label() -> Erratum:
    label, _, printed, _ = PAPER[13].rows[3]
    right, wrong = (sum(map(cost.mult_adds, mobilenet(0.75, r)[:-1])) for r in (160, 128))
    return Erratum(
        "Table 14, the first 0.75 MobileNet-128",
        f"{label}: {printed}",
        f"0.75 MobileNet-160: {printed}",
        f"two rows have this name; the body has {_millions(wrong)} at 128 and {_millions(right)} at 160",
    )


def _million_for_billion() -> Erratum:
    body = sum(map(cost.mult_adds, mobilenet()[:-1]))
    final = 10 * 10**6  # "10 million parameters for the final layer": as many mult-adds
    return Erratum(
        "Table 11, in the text",
        "0.58 Million mult-adds",
        f"{(body + final) / 1e9:.2f} billion",
        f"the body's {_millions(body)} and the final layer's {_millions(final)} are {_millions(body + final)}",
    )


def _face_parameters() -> Erratum:
    baseline = PAPER[11].rows[6]
    return Erratum(
        "Table 12, in the text",
        "75 million parameters",
        f"{baseline[3]} million",
        f"the table prints {baseline[3]}, and Table 14 prints {PAPER[13].rows[0][3]} beside the same "
        f"{PAPER[13].rows[0][2]}; 75 would be ten times as much",
    )


def _released_first_layer() -> Erratum:
    odd = {(0.75, 224): 4, (0.75, 192): 5, (0.75, 160): 6, (0.75, 128): 7, (0.25, 192): 13}  # network -> row
    right = [_total(*network) / 1e6 for network in odd]
    sixteen = [sum(map(cost.mult_adds, first_layer_of(16, mobilenet(*network)))) / 1e6 for network in odd]
    return Erratum(
        "TF-slim README, 0.75 at all resolutions and 0.25 at 192",
        ", ".join(RELEASED.rows[row][1] for row in odd.values()),
        ", ".join(f"{millions:.0f}" for millions in right),
        f"a first layer of 16 channels makes {', '.join(f'{millions:.1f}' for millions in sixteen)} million; alpha 0.75 "
        f"has {mobilenet(0.75)[0].N} there and alpha 0.25 has {mobilenet(0.25)[0].N}",
    )


def _rounded_twice() -> Erratum:
    millions = _total(0.5, 224) / 1e6
    return Erratum(
        "TF-slim README, 0.5 at 224",
        RELEASED.rows[8][1],
        f"{millions:.0f}",
        f"rounded twice: {millions:.3f} to {millions:.1f} to {RELEASED.rows[8][1]}",
    )


def _keras_resolution() -> Erratum:
    printed = [row[2] for row in KERAS_HEADER[1].rows]
    resolutions = (224, 192, 160, 128)
    right = [_total(1.0, resolution) / 1e6 for resolution in resolutions]
    return Erratum(
        "Keras header, multiply-adds by resolution",
        ", ".join(printed),
        ", ".join(f"{millions:.0f}" for millions in right),
        f"mult-adds fall with the square of the resolution: {right[0]:.0f} x (128/224)^2 = "
        f"{right[0] * (128 / 224) ** 2:.0f}; and {printed[0]} at 224 differs from {right[0]:.0f} in one digit",
    )


def _keras_depth_multiplier() -> Erratum:
    layers = mobilenet()
    deep = 0  # two depthwise kernels per channel: the depthwise layers cost twice as much, and so do the pointwise after them
    for layer in layers:
        deep += cost.mult_adds(layer) * (2 if layer.kind in ("depthwise", "pointwise") else 1)
    return Erratum(
        "Keras, the description of depth_multiplier",
        "the resolution multiplier in the MobileNet paper",
        "neither rho nor alpha: depthwise kernels per channel",
        f"set to 2 it makes {_millions(deep)}; resolution 448 makes {_millions(_total(1.0, 448))}, alpha 2 makes "
        f"{_millions(_total(2.0))}",
    )


def _total(*network: float, **how: object) -> int:
    return sum(map(cost.mult_adds, mobilenet(*network, **how)))  # type: ignore[arg-type]


def _millions(count: int, decimals: int = 1) -> str:
    return f"{count / 1e6:.{decimals}f} M"


_ERRATA: tuple[Callable[[], Erratum], ...] = (
    _worked_example,
    _last_stride,
    _swapped_digits,
    _classifier_left_out,
    lambda: _cut_off(7, "1.0 MobileNet-160", 2),
    lambda: _cut_off(9, "0.50 MobileNet-160", 2),
    _squeezenet_twice,
    _four_percent,
    lambda: _dogs(1),
    lambda: _dogs(3),
    _million_for_billion,
    lambda: _cut_off(12, "0.5 MobileNet-128", 2, classifier=False),
    _narrow_faces,
    _face_parameters,
    _wrong_label,
    _released_first_layer,
    _rounded_twice,
    _keras_resolution,
    _keras_depth_multiplier,
)
